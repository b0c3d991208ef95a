import type { MailService } from '../../crypto/mail-service';
import type { MessageRow } from '../../crypto/views';

/** The longest time that a timer can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** After a failure. */
const AGAIN_MS = 60_000;

/** Has messages that were put aside brought back at their time, by the clock of this device. */
export class Waker {
  readonly #service: Pick<MailService, 'wake'>;
  readonly #woken: (rows: MessageRow[]) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waking: Promise<void> | undefined;
  #again = false;
  #over = true;

  constructor(service: Pick<MailService, 'wake'>, woken: (rows: MessageRow[]) => void) {
    this.#service = service;
    this.#woken = woken;
  }

  /** Looks now, and again when the next one is due. To be called whenever that may have changed. */
  look(): Promise<void> {
    this.#over = false;
    if (this.#waking) this.#again = true;
    this.#waking ??= this.#lookUntilQuiet().finally(() => (this.#waking = undefined));
    return this.#waking;
  }

  stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  async #lookUntilQuiet(): Promise<void> {
    do {
      this.#again = false;
      await this.#wake();
    } while (this.#isWantedAgain());
  }

  async #wake(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const nowMs = Date.now();
      const { rows, nextMs } = await this.#service.wake(nowMs);
      if (this.#over) return;
      if (rows.length > 0) this.#woken(rows);
      // One that is due still could not be brought back just now.
      if (nextMs !== undefined) this.#set(nextMs > nowMs ? nextMs - Date.now() : AGAIN_MS);
    } catch {
      // Not to be reached, or the session has ended: others say so.
      if (!this.#over) this.#set(AGAIN_MS);
    }
  }

  #isWantedAgain(): boolean {
    return this.#again && !this.#over;
  }

  #set(inMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), Math.min(Math.max(inMs, 0), MAX_TIMER_MS));
  }
}
