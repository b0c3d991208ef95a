import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Draft } from '../crypto/views';
import type { MailClient } from '../crypto/wasm/smail_crypto_wasm';
import { OutboxRunner } from './outbox-runner';

const ID = 'd'.repeat(32);
const DRAFT = { id: ID, to: [], cc: [], bcc: [], subject: 'Kept here', text: '' } as unknown as Draft;

/** Locks as a browser has them, one holder at a time: this environment has none. */
class Locks {
  #last: Promise<unknown> = Promise.resolve();

  request<Done>(_name: string, act: () => Promise<Done>): Promise<Done> {
    const held = this.#last.then(act);
    this.#last = held.catch(() => undefined);
    return held;
  }
}

/** What happened, in its order. The save of what is kept ends when it is told to. */
class Client {
  readonly order: string[] = [];
  endSave: () => void = () => undefined;
  readonly begun: Promise<void>;
  #begin: () => void = () => undefined;

  constructor() {
    this.begun = new Promise((resolve) => (this.#begin = resolve));
  }

  account = () => ({ id: 'a'.repeat(32) });
  packDraft = () => new Uint8Array([1, 2, 3]);
  unpack = () => ({ isMessage: false, keptMs: 0, draft: DRAFT });
  savePacked = async (): Promise<void> => {
    this.order.push('kept one begins');
    this.#begin();
    await new Promise<void>((resolve) => (this.endSave = resolve));
    this.order.push('kept one ends');
  };
}

let client: Client;
let runner: OutboxRunner;

beforeEach(() => {
  vi.stubGlobal('navigator', { locks: new Locks() });
  client = new Client();
  runner = new OutboxRunner(client as unknown as MailClient, () => undefined);
});

afterEach(() => {
  runner.end();
  vi.unstubAllGlobals();
});

const save = async () => {
  client.order.push('window saves');
  await runner.settled(ID);
};

test('a window saves its draft after what is kept of it, not beside it', async () => {
  await runner.keepDraft(DRAFT);
  const flushed = runner.flush();
  await client.begun;
  const saved = runner.apart(ID, save);
  await new Promise((resolve) => setTimeout(resolve));
  client.endSave();
  await Promise.all([flushed, saved]);
  expect(client.order).toEqual(['kept one begins', 'kept one ends', 'window saves']);
});

test('what a window has saved is not saved again as it was kept before', async () => {
  await runner.keepDraft(DRAFT);
  const saved = runner.apart(ID, save);
  const flushed = runner.flush();
  await Promise.all([saved, flushed]);
  expect(client.order).toEqual(['window saves']);
});

test('a draft of which nothing is kept waits for nothing', async () => {
  await runner.keepDraft(DRAFT);
  const flushed = runner.flush();
  await client.begun;
  await runner.apart('e'.repeat(32), () => {
    client.order.push('another');
    return Promise.resolve();
  });
  client.endSave();
  await flushed;
  expect(client.order).toEqual(['kept one begins', 'another', 'kept one ends']);
});
