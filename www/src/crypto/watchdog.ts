/** How often a busy worker is asked for a sign of life. */
const PING_INTERVAL_MS = 4_000;
/** A worker that has left this many pings in a row unanswered is stuck: 20 seconds. */
const MISSED_PINGS = 5;

/**
 * Notices a worker that no longer turns its event loop, as a hostile message may bring about.
 * Counts pings instead of reading the clock, so that a suspended computer is not mistaken for a stuck worker.
 */
export class Watchdog {
  readonly #ping: () => void;
  readonly #stuck: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #unanswered = 0;

  constructor(ping: () => void, stuck: () => void) {
    this.#ping = ping;
    this.#stuck = stuck;
  }

  /** Starts watching, if it does not already. */
  watch(): void {
    this.#timer ??= setInterval(() => this.#tick(), PING_INTERVAL_MS);
  }

  /** The worker gave a sign of life. */
  heard(): void {
    this.#unanswered = 0;
  }

  rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#unanswered = 0;
  }

  #tick(): void {
    if (this.#unanswered >= MISSED_PINGS) {
      this.rest();
      this.#stuck();
      return;
    }
    this.#unanswered += 1;
    this.#ping();
  }
}
