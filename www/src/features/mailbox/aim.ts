/** A press mostly follows the pointer's last movement within this. */
const AIMING_MS = 1_000;
/** Longest that a press is waited for to end. */
const PRESSING_MS = 2_000;
/** Longest that something waits for a pointer that does not come to rest. */
const LONGEST_MS = 3_000;

/** A pointer over a list. While it may be about to press a row, nothing new is to come under it. */
export class Aim {
  #stillUntilMs = 0;
  #isDown = false;
  /** Since when something waits. */
  #sinceMs: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #atRest: () => void;

  /** `atRest` is called when what was held back can come. It is to be asked again whether it can. */
  constructor(atRest: () => void) {
    this.#atRest = atRest;
  }

  /** It has moved, gone down or been lifted. */
  follow(isDown: boolean): void {
    this.#isDown = isDown;
    this.#stillUntilMs = performance.now() + (isDown ? PRESSING_MS : AIMING_MS);
    if (this.#sinceMs !== undefined) this.#comeBack(this.#sinceMs);
  }

  /** Holds back what has come, if it is to wait. */
  holdsBack(): boolean {
    const sinceMs = this.#sinceMs ?? performance.now();
    if (this.#waitMs(sinceMs) <= 0) {
      this.letGo();
      return false;
    }
    this.#sinceMs = sinceMs;
    this.#comeBack(sinceMs);
    return true;
  }

  /** Nothing waits any more. */
  letGo(): void {
    this.#sinceMs = undefined;
    clearTimeout(this.#timer);
  }

  #comeBack(sinceMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#atRest, Math.max(0, this.#waitMs(sinceMs)));
  }

  #waitMs(sinceMs: number): number {
    // A press that has begun ends where it began.
    const untilMs = this.#isDown ? this.#stillUntilMs : Math.min(this.#stillUntilMs, sinceMs + LONGEST_MS);
    return untilMs - performance.now();
  }
}
