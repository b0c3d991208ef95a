import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MessageRow, Woken } from '../../crypto/views';
import { Waker } from './waker';

const ROW = { id: '0a' } as MessageRow;

describe('Waker', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => void vi.useRealTimers());

  function waker(...answers: (Woken | Error)[]) {
    const wake = vi.fn<(nowMs: number) => Promise<Woken>>(() => {
      const answer = answers.shift() ?? { rows: [], nextMs: undefined };
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    });
    const woken = vi.fn();
    return { wake, woken, it: new Waker({ wake }, woken) };
  }

  it('looks again when the next one is due, and tells what has come back', async () => {
    const at = waker({ rows: [], nextMs: 1_060_000 }, { rows: [ROW], nextMs: undefined });
    await at.it.look();
    expect(at.woken).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(59_999);
    expect(at.wake).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(at.wake).toHaveBeenLastCalledWith(1_060_000);
    expect(at.woken).toHaveBeenCalledWith([ROW]);
  });

  it('waits longer than a timer can, and tries again after a failure', async () => {
    const far = 1_000_000 + 2 ** 32;
    const at = waker(new Error('offline'), { rows: [], nextMs: far }, { rows: [], nextMs: far });
    await at.it.look();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(at.wake).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(2 ** 31 - 1);
    expect(at.wake).toHaveBeenCalledTimes(3);
  });

  it('says nothing more once it was stopped', async () => {
    const at = waker({ rows: [], nextMs: 1_001_000 });
    await at.it.look();
    at.it.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(at.wake).toHaveBeenCalledTimes(1);
  });
});
