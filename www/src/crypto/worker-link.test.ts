import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageMessage, WorkerMessage } from './rpc';
import { WorkerLink } from './worker-link';

/** A worker that answers when the test says so. */
class FakeWorker extends EventTarget {
  readonly posted: PageMessage[] = [];
  readonly terminate = vi.fn();

  postMessage(message: PageMessage): void {
    this.posted.push(message);
  }

  say(data: WorkerMessage): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

describe('WorkerLink', () => {
  let worker: FakeWorker;
  let link: WorkerLink;
  const lost = vi.fn();
  const event = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers();
    vi.clearAllMocks();
    worker = new FakeWorker();
    link = new WorkerLink(worker as unknown as Worker, { lost, event });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('brings each answer to its call', async () => {
    const first = link.call('folders', []);
    const second = link.call('delete', ['1']);
    worker.say({ kind: 'result', id: 2, value: undefined });
    worker.say({ kind: 'result', id: 1, value: [] });
    await expect(first).resolves.toEqual([]);
    await expect(second).resolves.toBeUndefined();
  });

  it('brings steps and failures', async () => {
    const steps: string[] = [];
    const call = link.call('read', ['1'], (step) => steps.push(step));
    worker.say({ kind: 'step', id: 1, step: 'decrypting' });
    worker.say({ kind: 'failure', id: 1, error: { code: 'not-found', message: 'Gone.' } });
    await expect(call).rejects.toMatchObject({ code: 'not-found', message: 'Gone.' });
    expect(steps).toEqual(['decrypting']);
  });

  it('ends a worker that trapped, and blames the message that it was taking apart', async () => {
    const harmful = link.call('read', ['1']);
    const harmless = link.call('read', ['2']);
    const list = link.call('folders', []);
    for (const itemId of ['1', '2']) worker.say({ kind: 'opening', itemId });
    worker.say({ kind: 'opened', itemId: '2' });
    worker.say({ kind: 'trapped', id: 1 });
    await expect(harmful).rejects.toMatchObject({ code: 'unsafe-message' });
    await expect(harmless).rejects.toMatchObject({ code: 'worker-lost' });
    await expect(list).rejects.toMatchObject({ code: 'worker-lost' });
    expect(worker.terminate).toHaveBeenCalledOnce();
    expect(lost).toHaveBeenCalledExactlyOnceWith(['1']);
  });

  it('blames no message when it is closed', async () => {
    const read = link.call('read', ['1']);
    worker.say({ kind: 'step', id: 1, step: 'downloading' });
    link.close();
    await expect(read).rejects.toMatchObject({ code: 'worker-lost' });
    expect(lost).not.toHaveBeenCalled();
  });

  it('ends a worker that hangs', async () => {
    const read = link.call('read', ['1']);
    worker.say({ kind: 'opening', itemId: '1' });
    const outcome = expect(read).rejects.toMatchObject({ code: 'unsafe-message' });
    await vi.advanceTimersByTimeAsync(24_000);
    await outcome;
    expect(lost).toHaveBeenCalledOnce();
  });

  it('says so when the worker never loaded', async () => {
    const call = link.call('resume', []);
    worker.dispatchEvent(new Event('error'));
    await expect(call).rejects.toMatchObject({ code: 'crypto-not-loaded' });
  });

  it('passes events on', () => {
    worker.say({ kind: 'event', event: { kind: 'session-ended' } });
    expect(event).toHaveBeenCalledWith({ kind: 'session-ended' });
  });
});
