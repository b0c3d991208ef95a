import type { Folder, FolderRole } from '../crypto/views';

/** The folders that every account has, in the order they are shown. */
export const FOLDER_ROLES = [
  'inbox',
  'snoozed',
  'sent',
  'drafts',
  'scheduled',
  'archive',
  'spam',
  'trash',
] as const satisfies FolderRole[];

export type BuiltIn = (typeof FOLDER_ROLES)[number];

/** What a list of messages shows, as paths say it: never with a name, which no history is to hold. */
export type Place = BuiltIn | 'search' | 'outbox' | `folder/${string}` | `label/${string}`;

/** The parts of the settings, each with a page of its own, in the order they are shown. */
export const SETTINGS_PARTS = [
  'general',
  'writing',
  'reading',
  'notifications',
  'security',
  'keys',
  'account',
] as const;

export type SettingsPart = (typeof SETTINGS_PARTS)[number];

/** A place in the app, as its path says it. */
export type Route =
  | { name: 'login' }
  | { name: 'signup' }
  | { name: 'forgot' }
  | { name: 'settings'; part: SettingsPart }
  /** A person is a contact's id, or `new`. */
  | { name: 'contacts'; group: string | undefined; person: string | undefined }
  | { name: 'mail'; folder: Place; item: string | undefined }
  | { name: 'not-found' };

const ID = /^[0-9a-f]{12,32}$/;

function isBuiltIn(word: string): word is BuiltIn {
  return (FOLDER_ROLES as readonly string[]).includes(word);
}

function mailRoute([folder, ...rest]: string[]): Route {
  if (folder === undefined) return { name: 'mail', folder: 'inbox', item: undefined };
  if (isBuiltIn(folder) || folder === 'search' || folder === 'outbox') return inPlace(folder, rest);
  const [id, ...more] = rest;
  if (id === undefined || !ID.test(id) || (folder !== 'folder' && folder !== 'label')) {
    return { name: 'not-found' };
  }
  return inPlace(`${folder}/${id}`, more);
}

function inPlace(folder: Place, [item, ...more]: string[]): Route {
  return more.length > 0 ? { name: 'not-found' } : { name: 'mail', folder, item };
}

function contactsRoute(words: string[]): Route {
  const isInGroup = words[0] === 'group';
  const [group, person, ...more] = isInGroup ? words.slice(1) : [undefined, ...words];
  const isPerson = person === undefined || person === 'new' || ID.test(person);
  const isGroup = isInGroup ? group !== undefined && ID.test(group) : group === undefined;
  return isPerson && isGroup && more.length === 0
    ? { name: 'contacts', group, person }
    : { name: 'not-found' };
}

function settingsRoute([word = 'general', ...more]: string[]): Route {
  const part = SETTINGS_PARTS.find((known) => known === word);
  return part === undefined || more.length > 0 ? { name: 'not-found' } : { name: 'settings', part };
}

/** Reads a path. */
export function routeOf(pathname: string): Route {
  const [first, ...rest] = pathname.split('/').filter(Boolean);
  if (first === 'mail') return mailRoute(rest);
  if (first === 'contacts') return contactsRoute(rest);
  if (first === 'settings') return settingsRoute(rest);
  if (rest.length > 0) return { name: 'not-found' };
  switch (first) {
    case undefined:
      return { name: 'login' };
    case 'signup':
    case 'forgot':
      return { name: first };
    default:
      return { name: 'not-found' };
  }
}

/** The path of a folder, or of a message in it. */
export function mailPath(folder: Place, item?: string): string {
  if (item) return `/mail/${folder}/${item}`;
  return folder === 'inbox' ? '/mail' : `/mail/${folder}`;
}

/** The path of the address book, of one of its groups, or of a contact as it stands there. */
export function contactsPath(group?: string, person?: string): string {
  const list = group === undefined ? '/contacts' : `/contacts/group/${group}`;
  return person === undefined ? list : `${list}/${person}`;
}

/** The path of a part of the settings. */
export function settingsPath(part: SettingsPart): string {
  return part === 'general' ? '/settings' : `/settings/${part}`;
}

/** The id of the folder that a person has made, or of the label, that a place is of. */
export function idIn(place: Place, kind: 'folder' | 'label'): string | undefined {
  return place.startsWith(`${kind}/`) ? place.slice(kind.length + 1) : undefined;
}

/** Where a folder's messages are shown. */
export function placeOf(folder: Folder): Place {
  return folder.role === 'custom' ? `folder/${folder.id}` : folder.role;
}
