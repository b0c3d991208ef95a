const SAME_DAY = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const SAME_YEAR = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const OLDER = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const IN_FULL = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});

/** A date as short as it can be told from others, for a list. */
export function shortDate(dateMs: number, nowMs: number): string {
  const date = new Date(dateMs);
  const now = new Date(nowMs);
  if (date.toDateString() === now.toDateString()) return SAME_DAY.format(date);
  return (date.getFullYear() === now.getFullYear() ? SAME_YEAR : OLDER).format(date);
}

/** Date and time, short enough for one line of a phone. */
export function fullDate(dateMs: number): string {
  return IN_FULL.format(new Date(dateMs));
}
