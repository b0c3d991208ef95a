import type { Place } from '../../app/routes';
import type { Folder, Label, MessageRow, Operation } from '../../crypto/views';
import { t } from '../../i18n';
import { dateTime } from '../../i18n/formats';
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

/** What was done, in a few words. */
export function wordOn(operation: Operation, count: number, known: Known): string {
  switch (operation.kind) {
    case 'move': {
      const folder = known.folders.find(({ id }) => id === operation.folderId);
      return t('mailbox:done.move', { count, name: folder ? folderName(folder) : t('mailbox:theFolder') });
    }
    case 'label':
    case 'unlabel': {
      const label = known.labels.find(({ id }) => id === operation.labelId);
      return t(`mailbox:done.${operation.kind}`, { count, name: label?.name ?? t('mailbox:aLabel') });
    }
    case 'snooze':
      return t('mailbox:done.snooze', { count, when: dateTime(operation.untilMs) });
    default:
      return t(`mailbox:done.${operation.kind}`, { count });
  }
}

/** The ids without repetition, in their order. */
export function eachOnce(ids: string[]): string[] {
  return [...new Set(ids)];
}
