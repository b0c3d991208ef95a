import { locale } from './locale.svelte';

const TIME = { hour: 'numeric', minute: '2-digit' } as const;
const DAY = { day: 'numeric', month: 'short' } as const;
const ISO_DAY = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
/** A language whose plain dates are those of ISO 8601. */
const ISO_TAG = 'sv';
const SIZE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const HOUR_CYCLE = { language: undefined, '12': 'h12', '24': 'h23' } as const;
const DAY_MS = 86_400_000;

/** Formatters are dear to make: each is made once. */
const made = new Map<string, unknown>();

export function number(value: number): string {
  return once('number', {}, (tag) => new Intl.NumberFormat(tag)).format(value);
}

/** A share of one, as `42 %`. */
export function percent(share: number): string {
  const options = { style: 'percent', maximumFractionDigits: 0 } as const;
  return once('percent', {}, (tag) => new Intl.NumberFormat(tag, options)).format(share);
}

/** A size for a person: `512 bytes`, `1.4 MB`. */
export function fileSize(bytes: number): string {
  let [size, at] = [bytes, 0];
  while (size >= 999.5 && at < SIZE_UNITS.length - 1) [size, at] = [size / 1000, at + 1];
  const options = {
    style: 'unit',
    unit: SIZE_UNITS[at] ?? 'byte',
    unitDisplay: at === 0 ? 'long' : 'short',
    maximumFractionDigits: at > 0 && size < 9.95 ? 1 : 0,
  } as const;
  return once('size', options, (tag) => new Intl.NumberFormat(tag, options)).format(size);
}

/** `a, b and c`, as the language joins them. */
export function list(items: readonly string[]): string {
  return once('list', {}, (tag) => new Intl.ListFormat(tag)).format(items);
}

/** The hour and the minute. */
export function time(ms: number): string {
  return dateFormat(TIME).format(ms);
}

/** A date as short as it can be told from others, for a list. */
export function shortDate(dateMs: number, nowMs: number): string {
  const [then, now] = [isoDay(dateMs), isoDay(nowMs)];
  if (then === now) return time(dateMs);
  if (locale.dates === 'iso') return then;
  return dateFormat(then.slice(0, 4) === now.slice(0, 4) ? DAY : { ...DAY, year: 'numeric' }).format(dateMs);
}

/** Day and year. */
export function date(ms: number): string {
  return locale.dates === 'iso' ? isoDay(ms) : dateFormat({ ...DAY, year: 'numeric' }).format(ms);
}

/** Day and time, short. */
export function dateTime(ms: number): string {
  if (locale.dates === 'iso') return `${isoDay(ms)} ${time(ms)}`;
  return dateFormat({ dateStyle: 'medium', timeStyle: 'short' }).format(ms);
}

/** Weekday, day, year and time: all of it, on one line of a phone. */
export function fullDate(ms: number): string {
  if (locale.dates === 'iso') return `${weekday(ms)} ${isoDay(ms)} ${time(ms)}`;
  return dateFormat({ weekday: 'short', ...DAY, year: 'numeric', ...TIME }).format(ms);
}

/** Weekday, day and time of something in the days to come. */
export function weekdayTime(ms: number): string {
  if (locale.dates === 'iso') return `${weekday(ms)} ${isoDay(ms)} ${time(ms)}`;
  return dateFormat({ weekday: 'short', ...DAY, ...TIME }).format(ms);
}

/** `today`, `yesterday`, `in 3 days`, counted by the calendar of the time zone. */
export function relativeDay(ms: number, nowMs: number): string {
  const days = Math.round((Date.parse(isoDay(ms)) - Date.parse(isoDay(nowMs))) / DAY_MS);
  const make = (tag: string) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
  return once('relative', {}, make).format(days, 'day');
}

/** The day in the time zone, as 2026-12-31. */
export function isoDay(ms: number): string {
  const { timeZone } = locale;
  const options = { ...ISO_DAY, timeZone };
  return once('iso', options, () => new Intl.DateTimeFormat(ISO_TAG, options)).format(ms);
}

/** How far the clock on the wall is ahead of UTC in the time zone. */
export function utcOffsetMin(ms: number): number {
  const { timeZone } = locale;
  if (timeZone === undefined) return -new Date(ms).getTimezoneOffset();
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(ms);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -offset : offset;
}

function weekday(ms: number): string {
  return dateFormat({ weekday: 'short' }).format(ms);
}

function dateFormat(asked: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const { timeZone, clock } = locale;
  const cycle = HOUR_CYCLE[clock];
  const hour = asked.hour && clock === '24' ? '2-digit' : asked.hour;
  const options = { ...asked, ...(hour && { hour }), timeZone, hourCycle: cycle };
  return once('date', options, (tag) => new Intl.DateTimeFormat(tag, options));
}

function once<Format>(kind: string, options: object, make: (tag: string) => Format): Format {
  const { tag } = locale;
  const key = `${kind} ${tag} ${JSON.stringify(options)}`;
  const known = made.get(key) as Format | undefined;
  if (known) return known;
  const fresh = make(tag);
  made.set(key, fresh);
  return fresh;
}
