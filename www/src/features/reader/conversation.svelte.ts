import { SvelteMap } from 'svelte/reactivity';
import type { MailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type { ConversationView, MessageRow } from '../../crypto/views';
import { Reader } from './reader.svelte';

/** Most unread messages that are opened by themselves. */
const MOST_OPENED = 10;

/** The conversation around the message that is open: its other messages, each folded to a line or open. */
export class Conversation {
  readonly #service: MailService;
  readonly #note: (thrown: unknown) => MailError;
  readonly #say: ((sentence: string) => void) | undefined;
  /** The message that was asked for, which the reader shows. */
  #id: string | undefined;
  #view = $state.raw<ConversationView | undefined>();
  /** The other messages that are open, by their ids. */
  readonly #readers = new SvelteMap<string, Reader>();

  constructor(service: MailService, note: (thrown: unknown) => MailError, say?: (sentence: string) => void) {
    this.#service = service;
    this.#note = note;
    this.#say = say;
  }

  /** The row that a list has for it. */
  get row(): MessageRow | undefined {
    return this.#view?.row;
  }

  /** The messages before the one that was asked for, oldest first. */
  get before(): MessageRow[] {
    return this.#messages.slice(0, Math.max(0, this.#at));
  }

  /** Those after it. */
  get after(): MessageRow[] {
    return this.#at < 0 ? [] : this.#messages.slice(this.#at + 1);
  }

  /** Shows the conversation of a message. What is unread in it is opened, and so is its newest message. */
  async show(id: string): Promise<void> {
    this.close();
    this.#id = id;
    await this.refresh();
    if (this.#id !== id) return;
    const others = [...this.before, ...this.after];
    const newest = this.after.at(-1)?.id;
    const opened = others.filter((row) => row.unread || row.id === newest);
    await Promise.all(opened.slice(-MOST_OPENED).map((row) => this.open(row.id)));
  }

  /** Brings it up to date: messages may have come. */
  async refresh(): Promise<void> {
    const id = this.#id;
    if (id === undefined) return;
    try {
      const view = await this.#service.conversation(id);
      if (this.#id === id) this.#view = view;
    } catch (thrown) {
      // The message itself says what is wrong with it.
      this.#note(thrown);
    }
  }

  /** The reader of another message that is open. */
  reader(id: string): Reader | undefined {
    return this.#readers.get(id);
  }

  async toggle(id: string): Promise<void> {
    if (!this.#readers.delete(id)) await this.open(id);
  }

  async open(id: string): Promise<void> {
    const reader = new Reader(this.#service, this.#note, this.#say);
    this.#readers.set(id, reader);
    await reader.open(id);
  }

  close(): void {
    this.#id = undefined;
    this.#view = undefined;
    this.#readers.clear();
  }

  get #messages(): MessageRow[] {
    return this.#view?.messages ?? [];
  }

  get #at(): number {
    return this.#messages.findIndex((row) => row.id === this.#id);
  }
}
