import type { Place } from '../../app/routes';
import type { Folder, Label, MessageRow, Operation } from '../../crypto/views';
import { folderName } from './folder-names';

/** Folders and labels, as they are known. */
interface Known {
  folders: Folder[];
  labels: Label[];
  folder: (place: Place) => Folder | undefined;
}

/** What a row will be once this is done; the worker's answer takes its place. */
export function afterwards(row: MessageRow, operation: Operation, known: Known): MessageRow {
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
      return movedTo(row, known.folder(operation.kind)?.id);
    case 'move':
      return movedTo(row, operation.folderId);
    case 'snooze':
      return { ...movedTo(row, known.folder('snoozed')?.id), snoozedUntilMs: operation.untilMs };
    case 'label':
      return { ...row, labels: [...without(row.labels, operation.labelId), operation.labelId] };
    case 'unlabel':
      return { ...row, labels: without(row.labels, operation.labelId) };
    case 'restore':
      // Where it was is the worker's to know.
      return row;
  }
}

function movedTo(row: MessageRow, folderId: string | undefined): MessageRow {
  return folderId === undefined ? row : { ...row, folderId, snoozedUntilMs: undefined };
}

function without(labels: string[], labelId: string): string[] {
  return labels.filter((id) => id !== labelId);
}

const ONE: Record<Exclude<Operation['kind'], 'move' | 'label' | 'unlabel' | 'snooze'>, string> = {
  read: 'Marked as read',
  unread: 'Marked as unread',
  star: 'Star set',
  unstar: 'Star removed',
  archive: 'Moved to Archive',
  trash: 'Moved to Trash',
  spam: 'Moved to Spam',
  restore: 'Moved back',
};

const MANY: typeof ONE = {
  read: 'messages marked as read',
  unread: 'messages marked as unread',
  star: 'messages starred',
  unstar: 'stars removed',
  archive: 'messages moved to Archive',
  trash: 'messages moved to Trash',
  spam: 'messages moved to Spam',
  restore: 'messages moved back',
};

/** What was done, in a few words. */
export function wordOn(operation: Operation, count: number, known: Known): string {
  switch (operation.kind) {
    case 'move': {
      const folder = known.folders.find(({ id }) => id === operation.folderId);
      const name = folder ? folderName(folder) : 'the folder';
      return count === 1 ? `Moved to ${name}` : `${count} messages moved to ${name}`;
    }
    case 'label':
    case 'unlabel': {
      const name = known.labels.find(({ id }) => id === operation.labelId)?.name ?? 'label';
      const given = operation.kind === 'label';
      if (count === 1) return given ? `Labelled “${name}”` : `Label “${name}” removed`;
      return given
        ? `${count} messages labelled “${name}”`
        : `Label “${name}” removed from ${count} messages`;
    }
    case 'snooze': {
      const until = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
      const when = until.format(operation.untilMs);
      return count === 1 ? `Snoozed until ${when}` : `${count} messages snoozed until ${when}`;
    }
    default:
      return count === 1 ? ONE[operation.kind] : `${count} ${MANY[operation.kind]}`;
  }
}

/** The ids without repetition, in their order. */
export function eachOnce(ids: string[]): string[] {
  return [...new Set(ids)];
}
