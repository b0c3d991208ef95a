import { idIn, type BuiltIn, type Place } from '../../app/routes';
import type { Folder, Label } from '../../crypto/views';
import type { IconName } from '../../ui/icons';

export const FOLDER_NAME: Record<BuiltIn, string> = {
  inbox: 'Inbox',
  snoozed: 'Snoozed',
  sent: 'Sent',
  drafts: 'Drafts',
  archive: 'Archive',
  spam: 'Spam',
  trash: 'Trash',
};

/** What an empty folder says. */
const FOLDER_EMPTY: Record<BuiltIn, string> = {
  inbox: 'New mail shows up here by itself.',
  snoozed: 'What you snooze waits here and comes back to where it was, on top and unread, at its time.',
  sent: 'What you send is kept here, encrypted for you.',
  drafts: 'What you begin to write is kept here, sealed.',
  archive: 'Put away here what you want to keep out of the inbox.',
  spam: 'Put here what you did not want to get.',
  trash: 'What you delete waits here until you delete it for good.',
};

/** What names of places are looked up in. */
export interface Names {
  folders: Folder[];
  labels: Label[];
}

/** A folder's name. */
export function folderName(folder: Folder): string {
  return folder.role === 'custom' ? (folder.name ?? '') : FOLDER_NAME[folder.role];
}

/** A folder's name with those of the folders that it is in. */
export function folderPath(folder: Folder, folders: Folder[]): string {
  const parent = folders.find((other) => other.id === folder.parent);
  return parent ? `${folderPath(parent, folders)} / ${folderName(folder)}` : folderName(folder);
}

/** What a place is called; undefined when there is no such folder or label. */
export function placeName(place: Place, { folders, labels }: Names): string | undefined {
  if (place === 'search') return 'Search';
  const folderId = idIn(place, 'folder');
  if (folderId !== undefined) return folders.find((folder) => folder.id === folderId)?.name;
  const labelId = idIn(place, 'label');
  if (labelId !== undefined) return labels.find((label) => label.id === labelId)?.name;
  return FOLDER_NAME[place as BuiltIn];
}

/** What is said of a place without messages. */
export function emptyText(place: Place): string {
  if (idIn(place, 'folder'))
    return 'Move messages here with the Move button, the V key, or by dragging them.';
  if (idIn(place, 'label')) return 'Messages that you give this label show up here, wherever they are.';
  return FOLDER_EMPTY[place as BuiltIn];
}

export function placeIcon(place: Place): IconName {
  if (idIn(place, 'folder')) return 'folder';
  return idIn(place, 'label') ? 'label' : (place as BuiltIn);
}
