/** A pause in typing after which the draft is saved. */
const PAUSE_MS = 2_000;
/** While somebody types on without a pause, nothing stays unsaved for longer. */
const LONGEST_MS = 5_000;
/** After a save that failed the next is tried by itself. */
const RETRY_MS = 15_000;

/** Saves after a pause, and now and then where there is none; never twice at a time, and once more when something changed meanwhile. */
export class Autosave {
  readonly #save: () => Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the first of the changes came that are not saved yet. */
  #sinceMs: number | undefined;
  #running: Promise<void> | undefined;

  constructor(save: () => Promise<void>) {
    this.#save = save;
  }

  /** Something changed. */
  touch(): void {
    this.#sinceMs ??= Date.now();
    this.#in(Math.max(0, Math.min(PAUSE_MS, this.#sinceMs + LONGEST_MS - Date.now())));
  }

  /** The last save failed. */
  tryLater(): void {
    this.#in(RETRY_MS);
  }

  /** Forgets what was going to be saved; a save that is under way goes on. */
  cancel(): void {
    this.#sinceMs = undefined;
    this.#stop();
  }

  /** Saves at once, after a save that is under way. */
  async now(): Promise<void> {
    this.cancel();
    await this.settled();
    this.#running = this.#save().finally(() => (this.#running = undefined));
    await this.#running;
  }

  /** Waits for a save that is under way. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #in(pauseMs: number): void {
    this.#stop();
    this.#timer = setTimeout(() => void this.now(), pauseMs);
  }
}
