import type { MailError } from '../crypto/errors';
import type { MailService } from '../crypto/mail-service';
import type { Draft } from '../crypto/views';
import type { OutboxRow } from './views';

/** What the outbox says to the rest of the page. */
export interface OutboxListener {
  note(thrown: unknown): MailError;
  /** Something was taken out, to be written on. */
  takenOut(draft: Draft): void;
  /** It could not be taken out. */
  refused(error: MailError): void;
}

/** What waits on this device to be sent or saved. */
export class Outbox {
  readonly #service: MailService;
  readonly #listener: OutboxListener;
  rows = $state.raw<OutboxRow[]>([]);
  /** It is being tried now because somebody asked. */
  isTrying = $state(false);

  constructor(service: MailService, listener: OutboxListener) {
    this.#service = service;
    this.#listener = listener;
  }

  /** Messages that have not gone out. */
  get messages(): OutboxRow[] {
    return this.rows.filter((row) => row.isMessage);
  }

  /** Drafts that are on this device alone. */
  get drafts(): OutboxRow[] {
    return this.rows.filter((row) => !row.isMessage);
  }

  has(id: string): boolean {
    return this.rows.some((row) => row.id === id);
  }

  take(rows: OutboxRow[]): void {
    this.rows = rows;
  }

  clear(): void {
    this.rows = [];
  }

  async retry(): Promise<void> {
    if (this.isTrying) return;
    this.isTrying = true;
    try {
      await this.#service.retryOutbox();
    } catch (thrown) {
      this.#listener.refused(this.#listener.note(thrown));
    } finally {
      this.isTrying = false;
    }
  }

  /** Takes something out and opens it, so that it is not sent as it is. */
  async takeOut(id: string): Promise<void> {
    try {
      this.#listener.takenOut(await this.#service.takeOutOfOutbox(id));
    } catch (thrown) {
      this.#listener.refused(this.#listener.note(thrown));
    }
  }
}
