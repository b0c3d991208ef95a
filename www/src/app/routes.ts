import type { FolderRole } from '../crypto/views';

/** The folders in the order they are shown. */
export const FOLDER_ROLES = ['inbox', 'sent', 'drafts', 'archive', 'trash'] as const satisfies FolderRole[];

/** A place in the app, as its path says it. */
export type Route =
  | { name: 'login' }
  | { name: 'signup' }
  | { name: 'forgot' }
  | { name: 'settings' }
  | { name: 'mail'; folder: FolderRole; item: string | undefined }
  | { name: 'not-found' };

function isFolderRole(word: string): word is FolderRole {
  return (FOLDER_ROLES as readonly string[]).includes(word);
}

function mailRoute(folder: string | undefined, item: string | undefined): Route {
  if (folder === undefined) return { name: 'mail', folder: 'inbox', item: undefined };
  if (!isFolderRole(folder)) return { name: 'not-found' };
  return { name: 'mail', folder, item };
}

/** Reads a path. */
export function routeOf(pathname: string): Route {
  const [first, second, third, ...more] = pathname.split('/').filter(Boolean);
  if (more.length > 0) return { name: 'not-found' };
  if (first === 'mail') return mailRoute(second, third);
  if (second !== undefined) return { name: 'not-found' };
  switch (first) {
    case undefined:
      return { name: 'login' };
    case 'signup':
    case 'forgot':
    case 'settings':
      return { name: first };
    default:
      return { name: 'not-found' };
  }
}

/** The path of a folder, or of a message in it. */
export function mailPath(folder: FolderRole, item?: string): string {
  if (item) return `/mail/${folder}/${item}`;
  return folder === 'inbox' ? '/mail' : `/mail/${folder}`;
}
