import type { MailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import { idIn, type Place } from '../../app/routes';
import type { Folder, Label, MessageRow, SyncOutcome } from '../../crypto/views';
import { FolderList, type FetchRange } from './folder-list.svelte';
import { Selection } from './selection.svelte';

/** Takes note of an error that may end the session. */
export type NoteError = (thrown: unknown) => MailError;

/** Shows rows that may be of any folder. */
export interface RowKeeper {
  find(id: string): MessageRow | undefined;
  put(row: MessageRow): void;
  remove(id: string): void;
}

/** The account's folders and the lists that have been looked at. */
export class Mailbox {
  readonly #service: MailService;
  readonly #note: NoteError;
  readonly selection = new Selection();
  folders = $state<Folder[]>([]);
  labels = $state<Label[]>([]);
  /** Why the folders could not be loaded. */
  error = $state<MailError | undefined>();
  #lists = $state<Record<string, FolderList>>({});
  /** The folder that was opened last. */
  #wanted: Place | undefined;
  /** Rows as they are going to be, of messages with which something is being done. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  readonly #expected = new Map<string, MessageRow>();
  /** Whoever else shows rows. */
  also: RowKeeper | undefined;

  constructor(service: MailService, note: NoteError) {
    this.#service = service;
    this.#note = note;
  }

  /** The folder that a place is of. */
  folder(place: Place): Folder | undefined {
    const id = idIn(place, 'folder');
    return this.folders.find((folder) => (id === undefined ? folder.role === place : folder.id === id));
  }

  /** The list of a place, as soon as the folders are known and it has been opened. */
  list(place: Place): FolderList | undefined {
    const key = this.#key(place);
    return key === undefined ? undefined : this.#lists[key];
  }

  async loadFolders(): Promise<void> {
    try {
      [this.folders, this.labels] = await Promise.all([this.#service.folders(), this.#service.labels()]);
      this.error = undefined;
    } catch (thrown) {
      this.error = this.#note(thrown);
    }
  }

  /** Loads a place's list, or brings the one that is there up to date. */
  async open(place: Place): Promise<void> {
    if (this.#wanted !== place) this.selection.clear();
    this.#wanted = place;
    if (this.folders.length === 0) await this.loadFolders();
    const key = this.#key(place);
    if (key === undefined) return;
    const known = this.#lists[key];
    if (known && known.phase.kind !== 'failed') return known.refresh();
    const list = this.#newList(place, key);
    this.#lists[key] = list;
    await list.load();
    // The worker counts unread messages among those it has taken in.
    await this.loadFolders();
  }

  /** Loads what could not be loaded: the server has just been reached. */
  async loadFailed(): Promise<void> {
    if (this.error) await this.loadFolders();
    const failed = Object.values(this.#lists).filter((list) => list.phase.kind === 'failed');
    await Promise.all(failed.map((list) => list.load()));
    if (this.#wanted && !this.list(this.#wanted)) await this.open(this.#wanted);
  }

  /** Takes what a synchronisation brought. */
  apply(outcome: SyncOutcome): void {
    this.folders = outcome.folders;
    this.labels = outcome.labels;
    for (const row of outcome.changed) this.#show(row);
    for (const id of outcome.removed) this.remove(id);
    void this.#shown()?.catchUp();
  }

  /** More has been taken in: the list on show may have grown, and unread messages are counted among more. */
  async takenIn(): Promise<void> {
    await Promise.all([this.refresh(), this.loadFolders()]);
  }

  /** Brings the list on show up to date with what the worker knows. */
  async refresh(): Promise<void> {
    await this.#shown()?.refresh();
  }

  /** Shows one row as it is now, or is going to be. */
  put(row: MessageRow): void {
    this.#show(row);
    const shown = this.#shown();
    // Where it stands in the list is the worker's to say.
    if (shown?.belongs(row) && !shown.find(row.id)) void shown.refresh();
  }

  /** Shows rows as they are going to be. What the worker says of them until `met` may be from before. */
  expect(rows: MessageRow[]): void {
    for (const row of rows) {
      this.#expected.set(row.id, row);
      this.put(row);
    }
  }

  /** What was to become of these rows has, or has failed. */
  met(rows: MessageRow[]): void {
    for (const row of rows) if (this.#expected.get(row.id) === row) this.#expected.delete(row.id);
  }

  /** The messages that a row of the place on show stands for. */
  messagesOf(id: string): string[] {
    return this.#shown()?.messagesOf(id) ?? [id];
  }

  /** A message as some list has it. */
  find(id: string): MessageRow | undefined {
    for (const list of Object.values(this.#lists)) {
      const row = list.find(id);
      if (row) return row;
    }
    return this.also?.find(id);
  }

  /** The message below this one in the list that is open. */
  after(id: string): MessageRow | undefined {
    const rows = this.#shown()?.rows ?? [];
    const at = rows.findIndex((row) => row.id === id);
    return at < 0 ? undefined : rows[at + 1];
  }

  /** Forgets everything, as on logging out. */
  clear(): void {
    this.folders = [];
    this.labels = [];
    this.selection.clear();
    this.#lists = {};
    this.#expected.clear();
    this.#wanted = undefined;
    this.error = undefined;
  }

  /** Forgets a message that is gone. */
  remove(id: string): void {
    for (const list of Object.values(this.#lists)) list.remove(id);
    this.also?.remove(id);
    this.selection.drop([id]);
  }

  /** Forgets the list of a place that is no more, or has to be looked at anew. */
  drop(place: Place): void {
    const key = this.#key(place);
    if (key === undefined) return;
    const others = Object.entries(this.#lists).filter(([other]) => other !== key);
    this.#lists = Object.fromEntries(others);
  }

  /** What a list is kept under; undefined when there is no such place. */
  #key(place: Place): string | undefined {
    return idIn(place, 'label') === undefined ? this.folder(place)?.id : place;
  }

  #newList(place: Place, key: string): FolderList {
    const labelId = idIn(place, 'label');
    const expected = () => this.#expected.values();
    if (labelId === undefined) return new FolderList({ kind: 'folder', id: key }, this.#range, expected);
    return new FolderList({ kind: 'label', id: labelId }, this.#range, expected);
  }

  /** The list on show. */
  #shown(): FolderList | undefined {
    return this.#wanted && this.list(this.#wanted);
  }

  #show(row: MessageRow): void {
    for (const list of Object.values(this.#lists)) list.put(row);
    this.also?.put(row);
    // What has left the place on show is selected no more.
    if (this.#shown()?.belongs(row) === false) this.selection.drop([row.id]);
  }

  readonly #range: FetchRange = async (...asked) => {
    try {
      return await this.#service.listRange(...asked);
    } catch (thrown) {
      throw this.#note(thrown);
    }
  };
}
