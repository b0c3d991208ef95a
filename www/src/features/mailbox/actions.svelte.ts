import { mailError } from '../../crypto/errors';
import type { FolderRole, MessageRow } from '../../crypto/views';
import type { Notices } from '../../ui/notices.svelte';
import { FOLDER_NAME } from './folder-names';
import type { Mailbox } from './mailbox.svelte';

/** What can be done to a message, with a word on what became of it. */
export class MessageActions {
  readonly #mailbox: Mailbox;
  readonly #notices: Notices;
  /** Called when the open message leaves its folder. */
  readonly #left: (row: MessageRow) => void;
  /** The message that is about to be deleted for good, until the person has answered. */
  toDelete = $state<MessageRow | undefined>();

  constructor(mailbox: Mailbox, notices: Notices, left: (row: MessageRow) => void) {
    this.#mailbox = mailbox;
    this.#notices = notices;
    this.#left = left;
  }

  star(row: MessageRow): Promise<void> {
    return this.#try(() => this.#mailbox.setFlags(row, { starred: !row.starred }));
  }

  markUnread(row: MessageRow): Promise<void> {
    this.#left(row);
    return this.#try(() => this.#mailbox.setFlags(row, { unread: true }));
  }

  move(row: MessageRow, to: FolderRole): Promise<void> {
    const from = this.#mailbox.folders.find((folder) => folder.id === row.folderId)?.role;
    this.#left(row);
    return this.#try(async () => {
      await this.#mailbox.move(row, to);
      const undo = { label: 'Undo', run: () => void this.#undo(row, to, from) };
      this.#notices.show(`Moved to ${FOLDER_NAME[to]}`, from && undo);
    });
  }

  askToDelete(row: MessageRow): void {
    this.toDelete = row;
  }

  keep(): void {
    this.toDelete = undefined;
  }

  async deleteForGood(): Promise<void> {
    const row = this.toDelete;
    if (!row) return;
    this.toDelete = undefined;
    this.#left(row);
    await this.#try(async () => {
      await this.#mailbox.delete(row);
      this.#notices.show('Deleted for good');
    });
  }

  async #undo(row: MessageRow, from: FolderRole, to: FolderRole | undefined): Promise<void> {
    const folder = this.#mailbox.folder(from);
    if (folder && to) await this.#try(() => this.#mailbox.move({ ...row, folderId: folder.id }, to));
  }

  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (thrown) {
      this.#notices.show(mailError(thrown).message);
    }
  }
}
