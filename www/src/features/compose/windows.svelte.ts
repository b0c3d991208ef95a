import type { MailService } from '../../crypto/mail-service';
import type { Draft, Signature } from '../../crypto/views';
import { Compose, type ComposeListener } from './compose.svelte';

/** Width of a window and the room beside it, in CSS pixels at the default size of text. */
const WINDOW_PX = 624;

/** The messages that are being written, each in a window of its own. */
export class ComposeWindows {
  readonly #service: MailService;
  readonly #listener: ComposeListener;
  #all = $state.raw<Compose[]>([]);
  /** The one that was opened or used last. */
  front = $state.raw<Compose | undefined>();
  /** Those that show their name alone. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
  minimised = $state.raw<ReadonlySet<Compose>>(new Set());

  constructor(service: MailService, listener: ComposeListener) {
    this.#service = service;
    this.#listener = listener;
  }

  /** Those that are open, the oldest first. */
  get list(): Compose[] {
    return this.#all.filter((compose) => compose.isOpen);
  }

  get isOpen(): boolean {
    return this.list.length > 0;
  }

  /** The one that is seen where there is room for one alone. */
  get top(): Compose | undefined {
    return this.front?.isOpen ? this.front : this.list.at(-1);
  }

  /** Whether there is something that a person has typed. */
  get hasText(): boolean {
    return this.list.some((compose) => compose.hasText);
  }

  /** Whether closing the page now would lose something. */
  get hasUnsavedText(): boolean {
    return this.list.some((compose) => compose.hasUnsavedText);
  }

  /** Opens a window with a new message to somebody. Words that come with it stand in place of a signature. */
  begin(draft: Draft): Promise<void> {
    const signature = draft.text === '' ? this.#listener.signature(false) : undefined;
    return this.#open(draft, signature);
  }

  /** Opens a window with a draft, or an empty one; a draft that is being written comes to the front. */
  async open(draft?: Draft): Promise<void> {
    const known = draft?.id === undefined ? undefined : this.list.find(({ id }) => id === draft.id);
    if (known) {
      this.show(known);
      return;
    }
    const isNew = draft?.id === undefined;
    await this.#open(draft, isNew ? this.#listener.signature(draft !== undefined) : undefined);
  }

  async #open(draft: Draft | undefined, signature: Signature | undefined): Promise<void> {
    const compose: Compose = new Compose(this.#service, {
      ...this.#listener,
      discarded: (bringBack) =>
        this.#listener.discarded(() => {
          this.#add(compose);
          bringBack();
        }),
    });
    await compose.open(draft, signature);
    this.#add(compose);
  }

  /** Brings a window to the front, whole. */
  show(compose: Compose): void {
    this.front = compose;
    if (this.minimised.has(compose)) this.minimised = without(this.minimised, compose);
    this.#makeRoom();
  }

  minimise(compose: Compose): void {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
    this.minimised = new Set([...this.minimised, compose]);
    if (this.front === compose) this.front = this.list.findLast((other) => !this.minimised.has(other));
  }

  /** Closes all and keeps their drafts; answers false when one could not be kept, and stays open then. */
  async close(): Promise<boolean> {
    const closed = await Promise.all(this.list.map((compose) => compose.close()));
    const stays = this.list[0];
    if (stays) this.show(stays);
    return closed.every(Boolean);
  }

  /** Saves at once what is not saved yet: the page is put away, and may not come back. */
  saveNow(): void {
    for (const compose of this.list) void compose.saveNow();
  }

  async sessionReturned(): Promise<void> {
    await Promise.all(this.list.map((compose) => compose.sessionReturned()));
  }

  async serverReached(): Promise<void> {
    await Promise.all(this.list.map((compose) => compose.serverReached()));
  }

  /** Drops everything, as when the account is left. */
  drop(): void {
    this.list.forEach((compose) => compose.drop());
    this.#all = [];
    this.front = undefined;
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
    this.minimised = new Set();
  }

  #add(compose: Compose): void {
    this.#all = [...this.list.filter((other) => other !== compose), compose];
    this.show(compose);
  }

  /** Minimises the oldest windows that do not fit beside the one in front. */
  #makeRoom(): void {
    const room = Math.max(1, Math.floor(innerWidth / WINDOW_PX));
    const whole = this.list.filter((compose) => !this.minimised.has(compose));
    const excess = whole
      .filter((compose) => compose !== this.front)
      .slice(0, Math.max(0, whole.length - room));
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
    if (excess.length > 0) this.minimised = new Set([...this.minimised, ...excess]);
  }
}

function without(set: ReadonlySet<Compose>, compose: Compose): ReadonlySet<Compose> {
  return new Set([...set].filter((other) => other !== compose));
}
