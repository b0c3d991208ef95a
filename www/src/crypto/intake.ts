import type { TakingIn } from './views';

/** The page hears of progress no more often than this. */
const TELL_EVERY_MS = 250;

/** The first rows have this long to be drawn before all else is taken in: where both are done at once, they come later. */
const BEGIN_AFTER_MS = 250;

/** What takes summaries in. */
export interface TakesIn {
  takeInMore(): Promise<TakingIn>;
}

/**
 * Takes all summaries in, page by page, in the background. Between two pages the calls of the page have their turn. When
 * it fails it rests until it is started again.
 */
export class Intake {
  readonly #client: TakesIn;
  readonly #tell: (reached: TakingIn) => void;
  #isRunning = false;
  #isDone = false;
  #isOver = false;

  constructor(client: TakesIn, tell: (reached: TakingIn) => void) {
    this.#client = client;
    this.#tell = tell;
  }

  /** Begins, or goes on. */
  start(): void {
    if (!this.#isRunning && !this.#isOver) void this.#run();
  }

  end(): void {
    this.#isOver = true;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      if (!this.#isDone) await rest(BEGIN_AFTER_MS);
      await this.#takeInAll();
    } catch (thrown) {
      // The module cannot be trusted any more: whoever watches the worker has to hear of it.
      if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
    } finally {
      this.#isRunning = false;
    }
  }

  async #takeInAll(): Promise<void> {
    const wasDone = this.#isDone;
    let toldMs = performance.now();
    for (;;) {
      await rest(0);
      if (this.#isOver) return;
      const reached = await this.#client.takeInMore();
      this.#isDone = reached.done;
      if (reached.done ? !wasDone : performance.now() - toldMs > TELL_EVERY_MS) {
        toldMs = performance.now();
        this.#tell(reached);
      }
      if (reached.done) return;
    }
  }
}

function rest(ms: number): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
