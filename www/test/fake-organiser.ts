import { MailError } from '../src/crypto/errors';
import type {
  Contents,
  Folder,
  Label,
  LabelColour,
  MessageRow,
  Operation,
  Organised,
  Woken,
} from '../src/crypto/views';
import type { Stored } from './fake-mail';

/** What the organiser of a fake account works on. */
interface Account {
  mail: Stored[];
}

const NOTHING: Organised = { rows: [], removed: [], failed: [], undo: undefined, left: 0 };
/** Messages in one step of what is done in steps. */
const STEP = 50;

/** Where a row goes with each operation. */
function organised(row: MessageRow, operation: Operation): MessageRow {
  switch (operation.kind) {
    case 'read':
    case 'unread':
      return { ...row, unread: operation.kind === 'unread' };
    case 'star':
    case 'unstar':
      return { ...row, starred: operation.kind === 'star' };
    case 'archive':
    case 'trash':
    case 'spam':
      return { ...row, folderId: `folder-${operation.kind}`, snoozedUntilMs: undefined };
    case 'restore':
      return { ...row, folderId: 'folder-inbox', snoozedUntilMs: undefined };
    case 'move':
      return { ...row, folderId: operation.folderId };
    case 'label':
      return { ...row, labels: [...row.labels.filter((id) => id !== operation.labelId), operation.labelId] };
    case 'unlabel':
      return { ...row, labels: row.labels.filter((id) => id !== operation.labelId) };
    case 'snooze':
      return { ...row, folderId: 'folder-snoozed', snoozedUntilMs: operation.untilMs };
  }
}

/** Folders, labels and operations of a fake account, in memory. */
export class FakeOrganiser {
  readonly #account: Account;
  folders: Folder[] = [];
  labels: Label[] = [];
  /** Messages that no operation can be done with, set by a test. */
  readonly stuck = new Set<string>();
  readonly #undo = new Map<number, MessageRow[]>();
  #lastId = 0;
  /** The folders before one of them was deleted. */
  #deleted: Folder[] = [];

  constructor(account: Account) {
    this.#account = account;
  }

  makeFolder(name: string, parent: string | undefined): Folder {
    if (this.folders.some((folder) => folder.name === name && folder.parent === parent)) {
      throw new MailError({
        code: 'name-taken',
        message: 'There is one of this name here already.',
        field: 'name',
      });
    }
    const folder: Folder = { id: this.#newId(32), role: 'custom', name, parent, unread: 0, total: 0 };
    this.folders.push(folder);
    return folder;
  }

  renameFolder(folderId: string, name: string): void {
    this.folders = this.folders.map((folder) => (folder.id === folderId ? { ...folder, name } : folder));
  }

  moveFolder(folderId: string, parent: string | undefined, before: string | undefined): void {
    const moved = this.folders.find((folder) => folder.id === folderId);
    if (!moved) return;
    const rest = this.folders.filter((folder) => folder !== moved);
    const at = rest.findIndex((folder) => folder.id === before);
    rest.splice(at < 0 ? rest.length : at, 0, { ...moved, parent });
    this.folders = rest;
  }

  deleteFolder(folderId: string): void {
    this.#deleted = this.folders;
    this.folders = this.folders.filter((folder) => folder.id !== folderId && folder.parent !== folderId);
  }

  restoreFolder(folderId: string): void {
    if (!this.#deleted.some((folder) => folder.id === folderId)) {
      throw new MailError({ code: 'not-found', message: 'This folder is no longer there.' });
    }
    this.folders = this.#deleted;
  }

  emptyFolder(folderId: string, contents: Contents, group: number | undefined): Organised {
    const ids = this.#account.mail.filter(({ row }) => row.folderId === folderId).map(({ row }) => row.id);
    const step = ids.slice(0, STEP);
    const left = ids.length - step.length;
    if (contents.kind === 'gone') return { ...this.deleteAll(step), left };
    const target = contents.kind === 'trash' ? 'folder-trash' : contents.folderId;
    const { rows, undo } = this.organise(step, { kind: 'move', folderId: target }, group);
    return { ...NOTHING, rows, undo: rows.length > 0 ? undo : group, left };
  }

  makeLabel(name: string, colour: LabelColour): Label {
    const label = { id: this.#newId(12), name, colour };
    this.labels.push(label);
    return label;
  }

  changeLabel(label: Label): Label {
    this.labels = this.labels.map((known) => (known.id === label.id ? label : known));
    return label;
  }

  deleteLabel(labelId: string): void {
    this.labels = this.labels.filter((label) => label.id !== labelId);
  }

  restoreLabel(label: Label, place: number): void {
    this.labels = this.labels.toSpliced(place, 0, label);
  }

  organise(itemIds: string[], operation: Operation, group: number | undefined): Organised {
    const failed = itemIds
      .filter((id) => this.stuck.has(id))
      .map((id) => ({ id, code: 'conflict', message: 'Other sessions keep changing this message.' }));
    const found = this.#account.mail.filter(({ row }) => itemIds.includes(row.id) && !this.stuck.has(row.id));
    const undo = group ?? ++this.#lastId;
    this.#undo.set(undo, [...(this.#undo.get(undo) ?? []), ...found.map(({ row }) => row)]);
    for (const message of found) message.row = organised(message.row, operation);
    return { ...NOTHING, rows: found.map(({ row }) => ({ ...row })), failed, undo };
  }

  undo(group: number): Organised {
    const before = this.#undo.get(group);
    if (!before) throw new MailError({ code: 'nothing-to-undo', message: 'This can no longer be undone.' });
    const step = before.splice(0, STEP);
    for (const message of this.#account.mail) {
      const row = step.find(({ id }) => id === message.row.id);
      if (row) message.row = row;
    }
    if (before.length === 0) this.#undo.delete(group);
    return { ...NOTHING, rows: step, undo: before.length > 0 ? group : undefined, left: before.length };
  }

  deleteAll(itemIds: string[]): Organised {
    this.#account.mail = this.#account.mail.filter(({ row }) => !itemIds.includes(row.id));
    return { ...NOTHING, removed: itemIds };
  }

  wake(nowMs: number): Woken {
    const times: number[] = [];
    const rows: MessageRow[] = [];
    for (const message of this.#account.mail) {
      const untilMs = message.row.snoozedUntilMs;
      if (untilMs === undefined) continue;
      if (untilMs > nowMs) times.push(untilMs);
      else {
        message.row = {
          ...organised(message.row, { kind: 'restore' }),
          unread: true,
          arrivalMs: untilMs,
        };
        rows.push(message.row);
      }
    }
    return { rows, nextMs: times.length > 0 ? Math.min(...times) : undefined };
  }

  #newId(digits: number): string {
    return (++this.#lastId).toString(16).padStart(digits, '0');
  }
}
