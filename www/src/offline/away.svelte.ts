import type { MailError } from '../crypto/errors';
import type { MailEvent, MailService } from '../crypto/mail-service';
import type { Draft } from '../crypto/views';
import { Outbox } from './outbox.svelte';
import { Shell } from './shell.svelte';

/** What this part tells the rest of the page. */
export interface AwayListener {
  note(thrown: unknown): MailError;
  /** Something was taken out of the outbox, to be written on. */
  takenOut(draft: Draft): void;
  refused(error: MailError): void;
}

/** Everything that makes the app work without a network, as the page sees it. */
export class Away {
  readonly #service: MailService;
  readonly outbox: Outbox;
  /** The app's own files on this device. */
  readonly shell = new Shell();
  /** Whether mail opens on this device without a network; not known yet at first. */
  keepsMail = $state<boolean | undefined>();
  bytes = $state(0);
  /** When the server was last reached. */
  contactMs = $state<number | undefined>();
  /** Logging out was asked for while something waits to be sent. */
  isLeaving = $state(false);

  constructor(service: MailService, listener: AwayListener) {
    this.#service = service;
    this.outbox = new Outbox(service, listener);
  }

  /** An account is open. */
  async opened(): Promise<void> {
    void this.shell.keep();
    try {
      this.outbox.take(await this.#service.outbox());
      await this.look();
    } catch {
      // Said elsewhere: a session that is over, or a worker that is lost.
    }
  }

  /** Asks what is kept on this device. */
  async look(): Promise<void> {
    const { keepsMail, bytes, contactMs } = await this.#service.deviceState();
    this.keepsMail = keepsMail;
    this.bytes = bytes;
    this.contactMs ??= contactMs;
  }

  /** Chooses whether mail opens on this device without a network. */
  async choose(keep: boolean): Promise<void> {
    await this.#service.keepMail(keep);
    // What is kept is not to be the first to go when the device is full. Some browsers ask the person.
    if (keep) void navigator.storage.persist().catch(() => false);
    await this.look();
  }

  take(event: MailEvent): void {
    if (event.kind === 'outbox') this.outbox.take(event.rows);
    if (event.kind === 'synced') {
      this.contactMs = Date.now();
      this.shell.look();
    }
  }

  closed(): void {
    this.outbox.clear();
    this.keepsMail = undefined;
    this.contactMs = undefined;
    this.isLeaving = false;
  }
}
