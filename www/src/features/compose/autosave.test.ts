import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Autosave } from './autosave';

const save = vi.fn<() => Promise<void>>(() => Promise.resolve());
let autosave: Autosave;

beforeEach(() => {
  vi.useFakeTimers();
  save.mockClear();
  autosave = new Autosave(save);
});
afterEach(() => {
  vi.useRealTimers();
});

async function typeFor(ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 300) {
    autosave.touch();
    await vi.advanceTimersByTimeAsync(300);
  }
}

it('saves after a pause', async () => {
  await typeFor(900);
  expect(save).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(save).toHaveBeenCalledTimes(1);
});

it('saves every few seconds while somebody types without a pause', async () => {
  await typeFor(5_100);
  expect(save).toHaveBeenCalledTimes(1);
  await typeFor(5_100);
  expect(save).toHaveBeenCalledTimes(2);
});

it('forgets what was going to be saved', async () => {
  await typeFor(4_800);
  autosave.cancel();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(save).not.toHaveBeenCalled();
  await typeFor(4_800);
  expect(save).not.toHaveBeenCalled();
});
