import { setTimeout as pause } from 'node:timers/promises';

/** Longest a person is made to wait for anything, times what a busy machine takes longer. */
const LIMIT_MS = 30_000;
const BETWEEN_LOOKS_MS = 20;

/** Looks again and again until it is so; fails with the sentence when it does not become so. */
export async function until(
  isSo: () => Promise<boolean>,
  fault: () => string,
  limitMs = LIMIT_MS,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`after ${limitMs} ms, ${fault()}`);
    await pause(BETWEEN_LOOKS_MS);
  }
}
