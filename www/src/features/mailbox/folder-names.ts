import { idIn, type BuiltIn, type Place } from '../../app/routes';
import type { Folder, Label } from '../../crypto/views';
import { t } from '../../i18n';
import type { IconName } from '../../ui/icons';

/** What names of places are looked up in. */
export interface Names {
  folders: Folder[];
  labels: Label[];
}

/** A folder's name. */
export function folderName(folder: Folder): string {
  return folder.role === 'custom' ? (folder.name ?? '') : t(`mailbox:role.${folder.role}`);
}

/** A folder's name with those of the folders that it is in. */
export function folderPath(folder: Folder, folders: Folder[]): string {
  const parent = folders.find((other) => other.id === folder.parent);
  return parent ? `${folderPath(parent, folders)} / ${folderName(folder)}` : folderName(folder);
}

/** What a place is called; undefined when there is no such folder or label. */
export function placeName(place: Place, { folders, labels }: Names): string | undefined {
  if (place === 'search') return t('mailbox:search');
  if (place === 'outbox') return t('offline:outbox');
  const folderId = idIn(place, 'folder');
  if (folderId !== undefined) return folders.find((folder) => folder.id === folderId)?.name;
  const labelId = idIn(place, 'label');
  if (labelId !== undefined) return labels.find((label) => label.id === labelId)?.name;
  return t(`mailbox:role.${place as BuiltIn}`);
}

/** What is said of a place without messages. */
export function emptyText(place: Place): string {
  if (idIn(place, 'folder')) return t('mailbox:emptyFolder');
  if (idIn(place, 'label')) return t('mailbox:emptyLabel');
  return t(`mailbox:empty.${place as BuiltIn}`);
}

export function placeIcon(place: Place): IconName {
  if (idIn(place, 'folder')) return 'folder';
  return idIn(place, 'label') ? 'label' : (place as BuiltIn);
}
