import { afterEach, describe, expect, it, vi } from 'vitest';
import { Intake } from './intake';
import type { TakingIn } from './views';

function client(...taken: (number | Error)[]) {
  const total = 3;
  return {
    takeInMore: vi.fn((): Promise<TakingIn> => {
      const next = taken.shift() ?? total;
      if (next instanceof Error) return Promise.reject(next);
      return Promise.resolve({ taken: next, total, done: next === total });
    }),
  };
}

describe('Intake', () => {
  afterEach(() => void vi.useRealTimers());

  it('goes on until all is taken in, and says so once', async () => {
    const source = client(1, 2, 3);
    const tell = vi.fn();
    const intake = new Intake(source, tell);
    intake.start();
    intake.start();
    await vi.waitFor(() => expect(tell).toHaveBeenCalledOnce());
    expect(tell).toHaveBeenCalledWith({ taken: 3, total: 3, done: true });
    expect(source.takeInMore).toHaveBeenCalledTimes(3);
    intake.start();
    await vi.waitFor(() => expect(source.takeInMore).toHaveBeenCalledTimes(4));
    expect(tell).toHaveBeenCalledOnce();
  });

  it('leaves the first rows the time to be drawn', async () => {
    const source = client(1, 2, 3);
    vi.useFakeTimers();
    const tell = vi.fn();
    new Intake(source, tell).start();
    await vi.advanceTimersByTimeAsync(200);
    expect(source.takeInMore).not.toHaveBeenCalled();
    await vi.runAllTimersAsync();
    expect(tell).toHaveBeenLastCalledWith({ taken: 3, total: 3, done: true });
  });

  it('rests after a failure until it is started again', async () => {
    const source = client(1, new Error('offline'), 3);
    const tell = vi.fn();
    const intake = new Intake(source, tell);
    intake.start();
    await vi.waitFor(() => expect(source.takeInMore).toHaveBeenCalledTimes(2));
    await vi.waitFor(() => {
      intake.start();
      expect(tell).toHaveBeenCalledOnce();
    });
  });

  it('stops when the account is closed', async () => {
    const source = client(1, 2, 3);
    vi.useFakeTimers();
    const intake = new Intake(source, () => undefined);
    intake.start();
    intake.end();
    intake.start();
    await vi.runAllTimersAsync();
    expect(source.takeInMore).not.toHaveBeenCalled();
  });
});
