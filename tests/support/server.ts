/** Starts the real server on a free port with a data directory of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programs } from './programs.ts';

const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 10_000;
/** Far above what the tests need, so that none of them waits for another's sign-ups. */
const SIGNUPS_PER_MINUTE = '10000';

export class Server {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: string[],
    /** `http://127.0.0.1:port`. */
    readonly origin: string,
    readonly dataDir: string,
  ) {}

  /** Starts a server and waits until it listens. */
  static async start(...flags: string[]): Promise<Server> {
    const dataDir = await mkdtemp(join(tmpdir(), 'smail-e2e-'));
    const lines: string[] = [];
    const child = spawn(
      programs.smail(),
      [
        'serve',
        '--listen',
        '127.0.0.1:0',
        '--data',
        dataDir,
        '--signups-per-minute',
        SIGNUPS_PER_MINUTE,
        ...flags,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    try {
      return new Server(child, lines, await listening(child, lines), dataDir);
    } catch (error) {
      child.kill('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the server has no process id');
    return this.child.pid;
  }

  /** All that it has written to its log so far. */
  get log(): string {
    return this.lines.join('');
  }

  /** Asks it to stop, and waits until it has. The data directory stays. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
    this.child.kill('SIGTERM');
    await ended.catch((error: unknown) => {
      this.child.kill('SIGKILL');
      throw new Error('the server did not stop when asked', { cause: error });
    });
  }

  async discard(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** Waits for the line that says where it listens. */
function listening(child: ChildProcess, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`the server did not start: ${why}\n${lines.join('')}`));
    const timer = setTimeout(() => fail(`no address within ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS);
    const read = (chunk: Buffer) => {
      lines.push(chunk.toString());
      const address = /listening on (http:\/\/[^\s"]+)/.exec(lines.join(''))?.[1];
      if (!address) return;
      clearTimeout(timer);
      resolve(address.replace(/\/$/, ''));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`exit status ${code}`));
  });
}
