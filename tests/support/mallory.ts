/** What cannot be done in a browser, done by the native helper tests/src/bin/smail-mallory.rs. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programs } from './programs.ts';
import type { Answer } from './proxy.ts';
import type { Site } from './site.ts';

export type MessageFault =
  'garbage' | 'truncated' | 'tampered' | 'bomb' | 's2k' | 'unsigned' | 'wrong-sender';

export type CertificateFault = 'changed' | 'not-yet-valid' | 'no-encryption-key' | 'other-address';

const LIMIT_MS = 60_000;

async function run(...flags: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(programs.mallory(), flags, { timeout: LIMIT_MS });
  return stdout.trim();
}

export interface HostileMail {
  username: string;
  to: string;
  fault: MessageFault;
  subject: string;
  /** Address in From; mallory's own unless it is said. */
  from?: string;
}

/** Signs mallory up and delivers one message with a fault. */
export async function deliver(site: Site, mail: HostileMail): Promise<void> {
  const { username, to, fault, subject, from = `${username}@localhost` } = mail;
  const who = ['--server', site.server.origin, '--username', username, '--to', to];
  await run('deliver', ...who, '--fault', fault, '--from', from, '--subject', subject);
}

/**
 * Signs mallory up and delivers messages with just these MIME entities inside, in this order. Gives the certificate of the
 * key that signed them, which is not the account's.
 */
export async function deliverEntities(
  site: Site,
  username: string,
  to: string,
  entities: string[],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'smail-entities-'));
  try {
    const files = entities.map((_, at) => join(folder, `${at}.eml`));
    await Promise.all(files.map((file, at) => writeFile(file, entities[at] ?? '')));
    const who = ['--server', site.server.origin, '--username', username, '--to', to];
    return await run('entities', ...who, ...files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Signs somebody up who sends this many ordinary messages. */
export async function fill(site: Site, username: string, to: string, count: number): Promise<void> {
  await run(
    'fill',
    '--server',
    site.server.origin,
    '--username',
    username,
    '--to',
    to,
    '--count',
    String(count),
  );
}

/** From now on the key directory answers with this certificate for everyone, once it is there. */
export function trustedDirectory(site: Site, certificate: Promise<string>): void {
  site.proxy.interfere({
    path: /\/directory\/lookup$/,
    alter: async (answer) => replaceCertificates(answer, await certificate),
  });
}

/** From now on the key directory answers with another certificate for everyone. */
export async function poisonDirectory(site: Site, fault: CertificateFault, address: string): Promise<void> {
  const certificate = await run('certificate', '--fault', fault, '--address', address);
  site.proxy.interfere({
    path: /\/directory\/lookup$/,
    alter: (answer) => replaceCertificates(answer, certificate),
  });
}

function replaceCertificates(answer: Answer, certificate: string): Answer {
  const { found, unknown } = JSON.parse(answer.body.toString()) as { found: object[]; unknown: string[] };
  const replaced = found.map((entry) => ({ ...entry, certificate }));
  return { ...answer, body: Buffer.from(JSON.stringify({ found: replaced, unknown })) };
}
