import { mailError, type MailError } from '../../crypto/errors';

/** Settings that are kept as soon as they are chosen: whether that is under way, done, or has failed. */
export class Saver {
  state = $state<'idle' | 'saving' | 'saved' | 'failed'>('idle');
  error = $state.raw<MailError | undefined>();
  #latest = 0;

  /** Keeps something; what is said is about the latest. Answers whether it was kept. */
  async keep(act: () => Promise<void>): Promise<boolean> {
    const turn = ++this.#latest;
    this.state = 'saving';
    this.error = undefined;
    try {
      await act();
      if (turn === this.#latest) this.state = 'saved';
      return true;
    } catch (thrown) {
      this.error = mailError(thrown);
      if (turn === this.#latest) this.state = 'failed';
      return false;
    }
  }
}
