import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MailError } from './errors';
import { IndexBuilder } from './index-builder';
import type { IndexProgress } from './views';

function progress(indexed: number, total: number): IndexProgress {
  return { indexed, total, done: indexed === total, damaged: 0, unsaved: undefined };
}

describe('IndexBuilder', () => {
  let left: number;
  let told: number[];
  let failure: MailError | undefined;
  let steps: number;
  let builder: IndexBuilder;

  beforeEach(() => {
    vi.useFakeTimers();
    left = 3;
    told = [];
    steps = 0;
    failure = undefined;
    builder = new IndexBuilder(
      () => {
        steps += 1;
        if (failure) return Promise.reject(failure);
        left = Math.max(left - 1, 0);
        return Promise.resolve(progress(3 - left, 3));
      },
      ({ indexed }) => told.push(indexed),
    );
  });

  afterEach(() => {
    builder.end();
    vi.useRealTimers();
  });

  it('lets the first screen come first, and works to the end', async () => {
    builder.wake();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(steps).toBe(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual([1, 2, 3]);
  });

  it('goes on when something has come', async () => {
    await vi.advanceTimersByTimeAsync(5_000);
    builder.wake();
    await vi.advanceTimersByTimeAsync(10);
    expect(steps).toBe(4);
  });

  it('does not wait when somebody searches', async () => {
    builder.hurry();
    await vi.advanceTimersByTimeAsync(1);
    expect(steps).toBe(1);
  });

  it('pauses and goes on', async () => {
    builder.pause(true);
    builder.hurry();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(steps).toBe(0);
    builder.pause(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual([1, 2, 3]);
  });

  it('tries again after a failure, and ends with the session', async () => {
    failure = new MailError({ code: 'offline', message: 'No connection.' });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(steps).toBe(1);
    failure = undefined;
    await vi.advanceTimersByTimeAsync(16_000);
    expect(told).toEqual([1, 2, 3]);
    failure = new MailError({ code: 'no-session', message: 'Over.' });
    builder.hurry();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(steps).toBe(5);
  });
});
