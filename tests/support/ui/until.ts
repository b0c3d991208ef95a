import { setTimeout as pause } from 'node:timers/promises';

const LIMIT_MS = 15_000;
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
