import { t } from '../../i18n';

/** The limits of `protocol/src/limits.rs`. */
const MIN_CHARS = 2;
const MAX_CHARS = 32;

/** One sentence on why this is no user name; undefined when it is one. Capitals are folded, as the server does. */
export function usernameFault(typed: string): string | undefined {
  const name = typed.trim().toLowerCase();
  if (name === '') return t('auth:chooseUsername');
  if (!/^[a-z0-9._-]*$/.test(name)) return t('auth:usernameLetters');
  if (name.length < MIN_CHARS) return t('auth:usernameShort', { limit: MIN_CHARS });
  if (name.length > MAX_CHARS) return t('auth:usernameLong', { limit: MAX_CHARS });
  if (!/^[a-z0-9].*[a-z0-9]$/.test(name) || name.includes('..')) {
    return t('auth:usernameEnds');
  }
  return undefined;
}

/** The user name in what was typed for a login: people also type their whole address. */
export function loginName(typed: string): string {
  return typed.trim().replace(/@.*$/, '').toLowerCase();
}
