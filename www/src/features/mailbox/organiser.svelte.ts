import type { Place } from '../../app/routes';
import type { MessageRow, Operation } from '../../crypto/views';
import type { MessageActions } from './actions.svelte';
import {
  isElsewhere,
  isSingleKey,
  KeyReader,
  rowIdAt,
  type KeyCommand,
  type WriteCommand,
} from './list-keys';
import type { Mailbox } from './mailbox.svelte';

/** What the person chooses for messages in a dialog. */
export type Choice = { kind: 'move' | 'label' | 'snooze'; ids: string[] };

interface Parts {
  mailbox: Mailbox;
  actions: MessageActions;
  /** The place that is shown, and the message that is open in it. */
  where: () => { place: Place; item: string | undefined };
  /** The messages on show, in their order: of a folder, or of what was found. */
  shown: () => MessageRow[];
  /** Whether single keys are shortcuts. */
  singleKeys: () => boolean;
  /** Begins to write: whether there is something to answer. */
  write: (command: WriteCommand) => boolean;
}

/** Turns keys and buttons into operations on what is selected, focused or open. */
export class Organiser {
  readonly #parts: Parts;
  readonly #keys = new KeyReader();
  choice = $state<Choice | undefined>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get singleKeys(): boolean {
    return this.#parts.singleKeys();
  }

  /** A key was pressed somewhere on the page. */
  press(event: KeyboardEvent): void {
    if (event.defaultPrevented && !event.shiftKey) return;
    if (isElsewhere(event.target) || (!this.singleKeys && isSingleKey(event))) return;
    const command = this.#keys.read(event);
    if (command && this.#obey(command, event)) event.preventDefault();
  }

  /** Whether one of these has not been sent: there is nothing to be done with it but to throw it away. */
  isUnsent(ids: string[]): boolean {
    const { mailbox } = this.#parts;
    const places = [mailbox.folder('drafts')?.id, mailbox.folder('scheduled')?.id];
    return ids.some((id) => places.includes(mailbox.find(id)?.folderId ?? ''));
  }

  /** Archive, Trash and Spam as they are meant in this place: there, or out of there. */
  does(ids: string[], kind: 'archive' | 'trash' | 'spam', place = this.#parts.where().place): void {
    if (kind === 'trash' && (place === 'trash' || place === 'spam')) this.#parts.actions.askToDelete(ids);
    else if (kind === 'spam' && place === 'spam') void this.run(ids, { kind: 'restore' });
    else void this.run(ids, { kind });
  }

  async run(ids: string[], operation: Operation): Promise<void> {
    this.choice = undefined;
    const stays = ['read', 'unread', 'star', 'unstar', 'label', 'unlabel'].includes(operation.kind);
    if (!stays) this.#parts.mailbox.selection.drop(ids);
    await this.#parts.actions.act(ids, operation);
  }

  /** Out of the archive. */
  async toInbox(ids: string[]): Promise<void> {
    const inbox = this.#parts.mailbox.folder('inbox');
    if (inbox) await this.run(ids, { kind: 'move', folderId: inbox.id });
  }

  /** Selects all rows that are loaded. */
  selectLoaded(): void {
    this.#parts.mailbox.selection.addAll(this.#order());
  }

  /** Sets the star on all, or takes it off when all have it. */
  star(ids: string[]): void {
    const all = ids.every((id) => this.#parts.mailbox.find(id)?.starred);
    void this.run(ids, { kind: all ? 'unstar' : 'star' });
  }

  #obey(command: KeyCommand, event: KeyboardEvent): boolean {
    const { selection } = this.#parts.mailbox;
    switch (command) {
      case 'select-all':
        this.selectLoaded();
        return true;
      case 'select-none':
        selection.clear();
        return true;
      case 'undo':
        void this.#parts.actions.undoLast();
        return true;
      case 'compose':
      case 'reply':
      case 'reply-all':
      case 'forward':
        return this.#parts.write(command);
      case 'select':
      case 'extend':
        return this.#select(command, event);
      default:
        return this.#actOn(command, this.#targets(event));
    }
  }

  #select(command: 'select' | 'extend', event: KeyboardEvent): boolean {
    const { selection } = this.#parts.mailbox;
    const id = rowIdAt(event.target) ?? (command === 'select' ? this.#parts.where().item : undefined);
    if (id === undefined) return false;
    if (command === 'select') selection.toggle(id);
    else selection.extend(this.#beside(id, event.key === 'ArrowDown' ? 1 : -1), this.#order(), id);
    return true;
  }

  /** The row after or before this one, where the list moves the focus to; at the end, this one. */
  #beside(id: string, by: number): string {
    const order = this.#order();
    return order[order.indexOf(id) + by] ?? id;
  }

  #actOn(
    command: Exclude<KeyCommand, 'select' | 'extend' | 'select-all' | 'select-none' | 'undo' | WriteCommand>,
    ids: string[],
  ) {
    if (ids.length === 0) return false;
    if (['archive', 'spam', 'move', 'snooze'].includes(command) && this.isUnsent(ids)) return false;
    switch (command) {
      case 'archive':
      case 'trash':
      case 'spam':
        this.does(ids, command);
        break;
      case 'star':
        this.star(ids);
        break;
      case 'read':
      case 'unread':
        void this.run(ids, { kind: command });
        break;
      default:
        this.choice = { kind: command, ids };
    }
    return true;
  }

  /** What is selected; else the message whose row has the focus; else the one that is open. */
  #targets(event: KeyboardEvent): string[] {
    const { ids } = this.#parts.mailbox.selection;
    if (ids.length > 0) return ids;
    const id = rowIdAt(event.target) ?? this.#parts.where().item;
    return id === undefined ? [] : [id];
  }

  #order(): string[] {
    return this.#parts.shown().map(({ id }) => id);
  }
}
