import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkerClient } from './client';
import type { CallMessage, PageMessage, WorkerMessage } from './rpc';

vi.mock('./resume-key', () => ({ forgetResumeKey: () => Promise.resolve() }));

const ACCOUNT = { address: 'alice@localhost' };

/** A worker that opens an account at once, and is ended by every list in which there is a message it may open. */
class FakeWorker extends EventTarget {
  static made: FakeWorker[] = [];
  static harmful: string[] = [];
  /** Ends at every list, whatever is set aside. */
  static broken = false;
  readonly terminate = vi.fn();
  #setAside: unknown[] = [];

  constructor() {
    super();
    FakeWorker.made.push(this);
  }

  postMessage(message: PageMessage): void {
    if (message.kind === 'call') queueMicrotask(() => this.#answer(message));
  }

  #answer({ id, name, arguments: args }: CallMessage): void {
    if (name === 'resume') [this.#setAside] = args as [unknown[]];
    const itemId = FakeWorker.harmful.find((harmful) => !this.#setAside.includes(harmful));
    if (FakeWorker.broken && name === 'list') return this.#say({ kind: 'trapped', id });
    if (name === 'resume' || !itemId) {
      this.#say({ kind: 'result', id, value: name === 'resume' ? ACCOUNT : `${name} done` });
      return;
    }
    this.#say({ kind: 'opening', itemId });
    this.#say({ kind: 'trapped', id });
  }

  #say(data: WorkerMessage): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

describe('WorkerClient', () => {
  let client: WorkerClient;

  beforeEach(async () => {
    FakeWorker.made = [];
    FakeWorker.harmful = [];
    FakeWorker.broken = false;
    client = new WorkerClient(() => new FakeWorker() as unknown as Worker);
    await client.resume();
  });
  afterEach(async () => {
    await client.forgetKeys();
  });

  it('sets the messages aside that workers are lost to, and lists the rest', async () => {
    FakeWorker.harmful = ['1', '2'];
    await expect(client.list('inbox', undefined, 50)).resolves.toBe('list done');
    expect(FakeWorker.made).toHaveLength(3);
  });

  it('does not make a call again that does more than read', async () => {
    FakeWorker.harmful = ['1'];
    await expect(client.moveTo('7', 'trash')).rejects.toMatchObject({ code: 'worker-lost' });
    await expect(client.moveTo('7', 'trash')).resolves.toBe('moveTo done');
  });

  it('does not try for ever when no message is the reason', async () => {
    FakeWorker.broken = true;
    await expect(client.list('inbox', undefined, 50)).rejects.toMatchObject({ code: 'worker-lost' });
    expect(FakeWorker.made).toHaveLength(2);
  });
});
