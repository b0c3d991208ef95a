import 'fake-indexeddb/auto';
import { afterEach, expect, test } from 'vitest';
import type { Env, HttpRequest, HttpResponse, MailClient } from '../crypto/wasm/smail_crypto_wasm';
import { makeResumeSecret } from '../crypto/resume-key';
import { DeviceLink } from './device-link';
import { forgetDevice } from './forget';
import { chooseToKeep, keepsMail } from './start-record';

const ALICE = '00000000000000000000000000a11ce0';
const INBOX = `/api/v1/mailboxes/${'b'.repeat(32)}/items?limit=100`;
const ITEM = 'c'.repeat(32);

/** A server that can be out of reach. */
class Server {
  isThere = true;
  asked: string[] = [];
  answers = new Map<string, unknown>([
    ['/api/v1/account', { account_id: ALICE, seq: 7, resume: 'sealed' }],
    ['/api/v1/server', { domain: 'localhost' }],
    ['/api/v1/state', { objects: [] }],
    [INBOX, { items: [{ item_id: ITEM, version: 1 }], seq: 7 }],
  ]);

  readonly env: Env = {
    fetch: ({ path }: HttpRequest) => {
      if (!this.isThere) return Promise.reject(new TypeError('no network'));
      this.asked.push(path);
      const value = this.answers.get(path);
      const body = value instanceof Uint8Array ? value : new TextEncoder().encode(JSON.stringify(value));
      return Promise.resolve({ status: value === undefined ? 404 : 200, contentType: '', body });
    },
    sleep: () => Promise.resolve(),
    nowMs: () => 0,
    opening: () => undefined,
    opened: () => undefined,
  };
}

const noted: HttpResponse[] = [];
const ANSWERS = {
  account: () => ({ id: ALICE }),
  deviceKey: () => new Uint8Array(32).fill(9),
};
const client = ANSWERS as unknown as MailClient;

function get(path: string): HttpRequest {
  return { method: 'GET', path, headers: [] };
}

async function value(link: DeviceLink, path: string): Promise<unknown> {
  const answer = await link.fetch(get(path));
  return JSON.parse(new TextDecoder().decode(answer.body)) as unknown;
}

/** A client of the link: asks what a session begins with, and lists the inbox. */
async function begin(link: DeviceLink, openedBy = client): Promise<void> {
  link.expectClient();
  for (const path of ['/api/v1/account', '/api/v1/server', '/api/v1/state']) await link.fetch(get(path));
  await link.begin(openedBy);
}

afterEach(async () => {
  noted.length = 0;
  await forgetDevice(ALICE, { outbox: true });
});

test('without the choice nothing is kept, and what fails fails', async () => {
  const server = new Server();
  await makeResumeSecret(ALICE);
  const link = new DeviceLink(server.env);
  await begin(link);
  await link.fetch(get(INBOX));
  server.isThere = false;
  await expect(link.fetch(get(INBOX))).rejects.toThrow('no network');
  expect((await indexedDB.databases()).map(({ name }) => name)).toEqual(['s-mail']);
});

test('a session begins without the server, and has what came since it began', async () => {
  const server = new Server();
  await makeResumeSecret(ALICE);
  await chooseToKeep(ALICE);
  const link = new DeviceLink(server.env);
  await begin(link);
  await link.fetch(get(INBOX));
  const changed = { seq: 9, object: { kind: 'item', item: { item_id: ITEM, version: 2 } } };
  server.answers.set('/api/v1/changes?since=7&limit=500', { changes: [changed], seq: 9, more: false });
  await link.fetch(get('/api/v1/changes?since=7&limit=500'));
  // A later look at the account is of its place then; the session's beginning stays.
  server.answers.set('/api/v1/account', { account_id: ALICE, seq: 9, resume: 'sealed anew' });
  await link.envelopeChanged();
  await new Promise((resolve) => setTimeout(resolve, 50));

  server.isThere = false;
  const later = new DeviceLink(server.env);
  const replayed: unknown[] = [];
  const replays = {
    ...ANSWERS,
    sync: async () => replayed.push(await value(later, '/api/v1/changes?since=7&limit=500')),
  } as unknown as MailClient;
  await begin(later, replays);
  expect(await value(later, '/api/v1/account')).toEqual({ account_id: ALICE, seq: 7, resume: 'sealed anew' });
  expect(later.beganOffline).toBe(true);
  expect(replayed).toEqual([{ changes: [changed], seq: 9, more: false }]);
  expect(await value(later, INBOX)).toEqual({ items: [{ item_id: ITEM, version: 1 }], seq: 7 });
  expect(await value(later, `/api/v1/items/${ITEM}`)).toEqual({ item_id: ITEM, version: 2 });
  // Changes are asked of the server from then on, which is how one learns that it is out of reach.
  await expect(later.fetch(get('/api/v1/changes?since=9&limit=500'))).rejects.toThrow('no network');
});

test('what stands at the top of the inbox is fetched, if anything is to be kept', async () => {
  const server = new Server();
  await makeResumeSecret(ALICE);
  const fetched: string[] = [];
  const rows = ['newest', 'older'].map((id) => ({ id }));
  const keeps = {
    ...ANSWERS,
    folders: () => Promise.resolve([{ id: 'inbox', role: 'inbox' }]),
    list: () => Promise.resolve({ rows: [...rows].reverse() }),
    listRange: () => Promise.resolve({ rows }),
    prefetch: (id: string) => Promise.resolve(fetched.push(id)),
  } as unknown as MailClient;
  const link = new DeviceLink(server.env);
  await begin(link, keeps);
  await link.keepRecent(keeps);
  expect(fetched).toEqual([]);
  await chooseToKeep(ALICE);
  await begin(link, keeps);
  await link.keepRecent(keeps);
  expect(fetched).toEqual(['newest', 'older']);
});

test('a blob is taken from the device, and one that is not what its name says is not kept', async () => {
  const server = new Server();
  await makeResumeSecret(ALICE);
  await chooseToKeep(ALICE);
  const link = new DeviceLink(server.env);
  await begin(link);
  const body = new TextEncoder().encode('sealed');
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  for (const name of [sha256, 'f'.repeat(64)]) {
    const path = `/api/v1/blobs/${name}`;
    server.answers.set(path, body);
    await link.fetch(get(path));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await link.fetch(get(path));
    expect(server.asked.filter((asked) => asked === path)).toHaveLength(name === sha256 ? 1 : 2);
  }
});

test('certificates are known in memory alone where nothing is kept, and one that is not known is not made up', async () => {
  const server = new Server();
  const link = new DeviceLink(server.env);
  const path = '/api/v1/directory/lookup';
  const lookUp = (...usernames: string[]): HttpRequest => ({
    method: 'POST',
    path,
    headers: [],
    body: new TextEncoder().encode(JSON.stringify({ usernames })),
  });
  server.answers.set(path, { found: [{ username: 'bob', certificate: 'c' }], unknown: ['carol'] });
  await link.fetch(lookUp('bob', 'carol'));
  server.isThere = false;
  const answer = await link.fetch(lookUp('bob'));
  expect(JSON.parse(new TextDecoder().decode(answer.body))).toEqual({
    found: [{ username: 'bob', certificate: 'c' }],
    unknown: [],
  });
  await expect(link.fetch(lookUp('bob', 'carol'))).rejects.toThrow('no network');
});

test('whoever leaves leaves nothing', async () => {
  const server = new Server();
  await makeResumeSecret(ALICE);
  await chooseToKeep(ALICE);
  await begin(new DeviceLink(server.env));
  await forgetDevice(ALICE, { outbox: true });
  expect(await keepsMail(ALICE)).toBe(false);
  expect((await indexedDB.databases()).map(({ name }) => name)).toEqual(['s-mail']);
});
