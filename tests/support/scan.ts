/** The canary scanner, which is native: tests/src/bin/smail-scan.rs. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programs } from './programs.ts';

export interface Places {
  data?: string;
  log?: string;
  traffic?: string;
  pid?: number;
}

export interface Report {
  searched: { place: string; bytes: number }[];
  findings: { canary: string; encoding: string; place: string }[];
}

const FOUND = 1;

/** Searches these places; `folder` is for the scanner's own files. */
export async function scan(
  canaries: Record<string, string>,
  places: Places,
  folder: string,
): Promise<Report> {
  const file = join(folder, 'canaries.json');
  await writeFile(file, JSON.stringify(canaries));
  const flags = Object.entries(places).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(programs.scan(), ['--canaries', file, ...flags]);
  const [out, fault, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  if (status !== 0 && status !== FOUND) throw new Error(`the scanner failed: ${fault}`);
  return JSON.parse(out) as Report;
}
