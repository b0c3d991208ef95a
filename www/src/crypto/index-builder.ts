import { errorRecord } from './errors';
import type { IndexProgress } from './views';

/** The first screen comes first. */
const FIRST_STEP_AFTER_MS = 1_500;
/** Between two steps the worker does what the page asks for. */
const BETWEEN_STEPS_MS = 5;
/** Now and then something is to be written down although nothing has come. */
const IDLE_STEP_AFTER_MS = 65_000;
/** After a failure: the connection may be back. */
const RETRY_AFTER_MS = 15_000;

/** Builds the search index while the worker has nothing else to do, one step at a time. */
export class IndexBuilder {
  readonly #step: () => Promise<IndexProgress>;
  readonly #tell: (progress: IndexProgress) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStepping = false;
  #isWanted = false;
  #isPaused = false;
  #isOver = false;

  constructor(step: () => Promise<IndexProgress>, tell: (progress: IndexProgress) => void) {
    this.#step = step;
    this.#tell = tell;
    this.#in(FIRST_STEP_AFTER_MS);
  }

  /** Something may have come that is not in the index. */
  wake(): void {
    // What came with the first screen waits with it.
    if (this.#hasBegun) this.hurry();
  }

  /** Somebody waits for it. */
  hurry(): void {
    if (this.#isStepping) this.#isWanted = true;
    else this.#in(0);
  }

  /** Stops for a while, or goes on. */
  pause(paused: boolean): void {
    this.#isPaused = paused;
    if (paused) clearTimeout(this.#timer);
    else this.hurry();
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #hasBegun = false;

  #in(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#isOver && !this.#isPaused) this.#timer = setTimeout(() => void this.#run(), ms);
  }

  async #run(): Promise<void> {
    this.#hasBegun = true;
    this.#isStepping = true;
    this.#isWanted = false;
    let waitMs = BETWEEN_STEPS_MS;
    try {
      const progress = await this.#step();
      if (!this.#isOver) this.#tell(progress);
      if (this.#mayRest(progress)) waitMs = IDLE_STEP_AFTER_MS;
    } catch (thrown) {
      // A trap is the worker's end: whoever holds it hears of it by the rejection.
      if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
      if (errorRecord(thrown).code === 'no-session') this.end();
      waitMs = RETRY_AFTER_MS;
    } finally {
      this.#isStepping = false;
    }
    this.#in(waitMs);
  }

  /** Whether all is done, and nobody has asked for more during the step. */
  #mayRest({ done }: IndexProgress): boolean {
    return done && !this.#isWanted;
  }
}
