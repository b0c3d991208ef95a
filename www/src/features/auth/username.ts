/** The limits of `protocol/src/limits.rs`. */
const MIN_CHARS = 2;
const MAX_CHARS = 32;

/** One sentence on why this is no user name; undefined when it is one. Capitals are folded, as the server does. */
export function usernameFault(typed: string): string | undefined {
  const name = typed.trim().toLowerCase();
  if (name === '') return 'Choose a user name.';
  if (!/^[a-z0-9._-]*$/.test(name)) return 'Use the letters a to z, digits, dots, hyphens and underscores.';
  if (name.length < MIN_CHARS) return `Use at least ${MIN_CHARS} characters.`;
  if (name.length > MAX_CHARS) return `Use at most ${MAX_CHARS} characters.`;
  if (!/^[a-z0-9].*[a-z0-9]$/.test(name) || name.includes('..')) {
    return 'Begin and end with a letter or digit, and put no two dots in a row.';
  }
  return undefined;
}

/** The user name in what was typed for a login: people also type their whole address. */
export function loginName(typed: string): string {
  return typed.trim().replace(/@.*$/, '').toLowerCase();
}
