import type { MailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type { Draft, MessageRow } from '../../crypto/views';
import { dateTime } from '../../i18n/formats';
import { errorText } from '../../i18n/error-text';
import { t } from '../../i18n';
import type { Notices } from '../../ui/notices.svelte';

/** The topic of the notice by which what is being sent can be undone. */
const UNDO = 'undo-send';

/** What the rest of the page does for messages that wait. */
export interface WaitingParts {
  service: MailService;
  notices: Notices;
  note: (thrown: unknown) => MailError;
  /** Opens a draft to go on writing. */
  write: (draft: Draft) => Promise<void>;
  /** A message went out, as far as is known. */
  sent: (row: MessageRow) => void;
  /** Lists are to be looked at anew. */
  changed: () => void;
}

/** Messages that wait on the server: for moments, in which sending can be undone, or until a time that was chosen. */
export class WaitingMessages {
  readonly #parts: WaitingParts;
  /** The one that is asked about. */
  asked = $state.raw<MessageRow | undefined>();
  busy = $state(false);

  constructor(parts: WaitingParts) {
    this.#parts = parts;
  }

  /** A message begins to wait. */
  began(row: MessageRow, afterMs: number, isUndo: boolean): void {
    this.#parts.changed();
    if (!isUndo) {
      const when = dateTime(row.snoozedUntilMs ?? Date.now() + afterMs);
      this.#parts.notices.show(t('compose:waits.set', { when }), this.#undo(row));
      return;
    }
    // The server sends it by itself, whatever becomes of this page.
    const timer = setTimeout(() => this.#parts.sent(row), afterMs);
    const undo = this.#undo(row, () => clearTimeout(timer));
    this.#parts.notices.show(t('compose:undo.holding'), undo, UNDO, afterMs);
  }

  /** Calls it off, and opens it to be written on. */
  async edit(row: MessageRow): Promise<void> {
    await this.#act(async () => {
      const draft = await this.#parts.service.callOff(row.id);
      await this.#parts.write(draft);
    });
  }

  async sendNow(row: MessageRow): Promise<void> {
    await this.#act(async () => {
      const sent = await this.#parts.service.sendScheduled(row.id, () => undefined);
      this.#parts.sent(sent.row);
    });
  }

  #undo(row: MessageRow, first?: () => void): { label: string; run: () => void } {
    const run = () => {
      first?.();
      void this.edit(row);
    };
    return { label: t('compose:undo.action'), run };
  }

  async #act(act: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await act();
      this.asked = undefined;
    } catch (thrown) {
      this.#parts.notices.show(errorText(this.#parts.note(thrown)));
    } finally {
      this.busy = false;
      this.#parts.changed();
    }
  }
}
