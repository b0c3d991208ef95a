import type { MailError } from '../../crypto/errors';
import type { FlagChange, MailService } from '../../crypto/mail-service';
import type { Folder, FolderRole, MessageRow, SyncOutcome } from '../../crypto/views';
import { FolderList, PAGE_ROWS } from './folder-list.svelte';

/** Takes note of an error that may end the session. */
export type NoteError = (thrown: unknown) => MailError;

/** The account's folders and the lists that have been looked at. */
export class Mailbox {
  readonly #service: MailService;
  readonly #note: NoteError;
  folders = $state<Folder[]>([]);
  /** Why the folders could not be loaded. */
  error = $state<MailError | undefined>();
  #lists = $state<Record<string, FolderList>>({});
  /** The folder that was opened last. */
  #wanted: FolderRole | undefined;

  constructor(service: MailService, note: NoteError) {
    this.#service = service;
    this.#note = note;
  }

  folder(role: FolderRole): Folder | undefined {
    return this.folders.find((folder) => folder.role === role);
  }

  /** The list of a folder, as soon as the folders are known and it has been opened. */
  list(role: FolderRole): FolderList | undefined {
    const folder = this.folder(role);
    return folder && this.#lists[folder.id];
  }

  async loadFolders(): Promise<void> {
    try {
      this.folders = await this.#service.folders();
      this.error = undefined;
    } catch (thrown) {
      this.error = this.#note(thrown);
    }
  }

  /** Loads a folder's list, unless it is there already. */
  async open(role: FolderRole): Promise<void> {
    this.#wanted = role;
    if (this.folders.length === 0) await this.loadFolders();
    const folder = this.folder(role);
    if (!folder || this.#lists[folder.id]) return;
    const list = new FolderList(folder.id, (before) => this.#page(folder.id, before));
    this.#lists[folder.id] = list;
    await list.load();
    // The worker counts unread messages among those it has listed.
    await this.loadFolders();
  }

  /** Loads what could not be loaded: the server has just been reached. */
  async loadFailed(): Promise<void> {
    if (this.error) await this.loadFolders();
    const failed = Object.values(this.#lists).filter((list) => list.phase.kind === 'failed');
    await Promise.all(failed.map((list) => list.load()));
    if (this.#wanted) await this.open(this.#wanted);
  }

  /** Takes what a synchronisation brought. */
  apply(outcome: SyncOutcome): void {
    this.folders = outcome.folders;
    for (const row of outcome.changed) this.put(row);
    for (const id of outcome.removed) this.#forget(id);
  }

  /** Takes one row as it is now. */
  put(row: MessageRow): void {
    for (const list of Object.values(this.#lists)) list.put(row);
  }

  /** The worker has marked a message read on opening it. */
  markRead(id: string): void {
    for (const list of Object.values(this.#lists)) {
      const row = list.find(id);
      if (row?.unread) list.put({ ...row, unread: false });
    }
  }

  async setFlags(row: MessageRow, flags: FlagChange): Promise<void> {
    this.put({ ...row, ...flags });
    try {
      this.put(await this.#service.setFlags(row.id, flags));
      await this.loadFolders();
    } catch (thrown) {
      this.put(row);
      throw this.#note(thrown);
    }
  }

  /** Moves a message; the row leaves its list at once and comes back if the move fails. */
  async move(row: MessageRow, to: FolderRole): Promise<void> {
    const target = this.folder(to);
    if (!target) return;
    this.#forget(row.id);
    try {
      this.put(await this.#service.moveTo(row.id, target.id));
      await this.loadFolders();
    } catch (thrown) {
      this.put(row);
      throw this.#note(thrown);
    }
  }

  /** Deletes a message for good. */
  async delete(row: MessageRow): Promise<void> {
    this.#forget(row.id);
    try {
      await this.#service.delete(row.id);
      await this.loadFolders();
    } catch (thrown) {
      this.put(row);
      throw this.#note(thrown);
    }
  }

  /** Forgets everything, as on logging out. */
  clear(): void {
    this.folders = [];
    this.#lists = {};
    this.#wanted = undefined;
    this.error = undefined;
  }

  #forget(id: string): void {
    for (const list of Object.values(this.#lists)) list.remove(id);
  }

  async #page(folderId: string, before: string | undefined) {
    try {
      return await this.#service.list(folderId, before, PAGE_ROWS);
    } catch (thrown) {
      throw this.#note(thrown);
    }
  }
}
