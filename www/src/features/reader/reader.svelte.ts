import type { MailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type { MessageView, Step } from '../../crypto/views';

export type ReaderState =
  | { kind: 'none' }
  | { kind: 'opening'; id: string; step: Step }
  | { kind: 'open'; id: string; message: MessageView }
  | { kind: 'failed'; id: string; error: MailError };

/** The one message that is open: nothing else is decrypted. */
export class Reader {
  readonly #service: MailService;
  readonly #note: (thrown: unknown) => MailError;
  state = $state.raw<ReaderState>({ kind: 'none' });

  constructor(service: MailService, note: (thrown: unknown) => MailError) {
    this.#service = service;
    this.#note = note;
  }

  /** Opens a message; answers whether it is now on show. */
  async open(id: string): Promise<boolean> {
    this.state = { kind: 'opening', id, step: 'downloading' };
    try {
      const message = await this.#service.read(id, (step) => this.#step(id, step));
      if (!this.#stillOpening(id)) return false;
      this.state = { kind: 'open', id, message };
      return true;
    } catch (thrown) {
      const error = this.#note(thrown);
      if (this.#stillOpening(id)) this.state = { kind: 'failed', id, error };
      return false;
    }
  }

  close(): void {
    this.state = { kind: 'none' };
  }

  #step(id: string, step: Step): void {
    if (this.#stillOpening(id)) this.state = { kind: 'opening', id, step };
  }

  /** False once another message has been asked for, or none. */
  #stillOpening(id: string): boolean {
    return this.state.kind === 'opening' && this.state.id === id;
  }
}
