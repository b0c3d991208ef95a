import type { MailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type { MessageView, Step } from '../../crypto/views';
import { t } from '../../i18n';
import { errorText } from '../../i18n/error-text';
import type { MessageContent } from './message-content.svelte';

export type ReaderState =
  | { kind: 'none' }
  | { kind: 'opening'; id: string; step: Step }
  | { kind: 'open'; id: string; message: MessageView }
  | { kind: 'failed'; id: string; error: MailError };

/** The one message that is open: nothing else is decrypted. */
export class Reader {
  readonly service: MailService;
  readonly #note: (thrown: unknown) => MailError;
  /** Says something that has no place of its own. */
  readonly say: (sentence: string) => void;
  state = $state.raw<ReaderState>({ kind: 'none' });

  constructor(
    service: MailService,
    note: (thrown: unknown) => MailError,
    say: (sentence: string) => void = () => undefined,
  ) {
    this.service = service;
    this.#note = note;
    this.say = say;
  }

  /** Done as soon as what was asked for last is on show, or is not going to be. */
  opened: Promise<boolean> = Promise.resolve(false);

  /** Opens a message; answers whether it is now on show. */
  open(id: string): Promise<boolean> {
    this.opened = this.#open(id);
    return this.opened;
  }

  async #open(id: string): Promise<boolean> {
    this.state = { kind: 'opening', id, step: 'downloading' };
    try {
      const message = await this.service.read(id, (step) => this.#step(id, step));
      if (!this.#stillOpening(id)) return false;
      this.state = { kind: 'open', id, message };
      // It is shown whether or not the mark gets through; the next reading marks again.
      await this.service.markRead(id).catch(this.#note);
      return true;
    } catch (thrown) {
      const error = this.#note(thrown);
      if (this.#stillOpening(id)) this.state = { kind: 'failed', id, error };
      return false;
    }
  }

  /** Keeps that remote content is always shown for the sender of this message, or takes it back when it was. */
  async alwaysShow(content: MessageContent): Promise<void> {
    const { from, id, remoteContent } = content.message;
    const always = remoteContent !== 'show';
    try {
      await this.service.showRemoteContent(from.address, always);
    } catch (thrown) {
      this.say(errorText(this.#note(thrown)));
      return;
    }
    const isOpen = this.state.kind === 'open' && this.state.id === id;
    if (!isOpen) return;
    const message: MessageView = { ...content.message, remoteContent: always ? 'show' : 'ask' };
    this.state = { kind: 'open', id, message };
    this.say(
      always
        ? t('reader:alwaysSaid', { address: from.address })
        : t('reader:askSaid', { address: from.address }),
    );
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
