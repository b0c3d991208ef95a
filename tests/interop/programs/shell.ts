/** Runs a program with a folder of its own for keys and files. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Ended {
  code: number | null;
  stdout: Buffer;
  /** What it said on standard error. */
  said: string;
}

/** A program that said that it failed. */
export class Failed extends Error {
  constructor(name: string, { code, said }: Ended) {
    super(`${name} ended with ${code}: ${said.trim()}`);
  }
}

export class Folder {
  private static readonly made: Folder[] = [];
  private files = 0;
  private constructor(readonly path: string) {}

  /** The path is short: GnuPG's agent listens on a socket below it, and ends when it is gone. */
  static async make(): Promise<Folder> {
    const folder = new Folder(await mkdtemp(join(tmpdir(), 'interop-')));
    Folder.made.push(folder);
    return folder;
  }

  static async removeAll(): Promise<void> {
    await Promise.all(Folder.made.splice(0).map((folder) => folder.remove()));
  }

  /** A path where nothing is yet. */
  unused(): string {
    return join(this.path, `${(this.files += 1)}`);
  }

  /** The path of a new file. */
  async file(content: Uint8Array | string): Promise<string> {
    const path = this.unused();
    await writeFile(path, content, { mode: 0o600 });
    return path;
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}

/** Runs to the end. */
export function attempt(program: string, words: string[], input: Uint8Array | string = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (piece: Buffer) => stdout.push(piece));
    child.stderr.on('data', (piece: Buffer) => stderr.push(piece));
    child.stdin.on('error', () => {}); // a program may end without having read it all
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout), said: Buffer.concat(stderr).toString() }),
    );
    child.stdin.end(input);
  });
}

/** Runs to the end, which has to be a good one. */
export async function run(program: string, words: string[], input: Uint8Array | string = ''): Promise<Ended> {
  const ended = await attempt(program, words, input);
  if (ended.code !== 0) throw new Failed(`${program} ${words[0] ?? ''}`, ended);
  return ended;
}
