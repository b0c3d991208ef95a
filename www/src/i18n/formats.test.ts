import { afterEach, describe, expect, it } from 'vitest';
import { localeChoice } from './choice.svelte';
import {
  date,
  dateTime,
  fileSize,
  isoDay,
  list,
  number,
  percent,
  relativeDay,
  shortDate,
  time,
} from './formats';

const NOON = Date.UTC(2026, 10, 28, 12, 30);
const DAY_MS = 86_400_000;

afterEach(() =>
  localeChoice.choose({ language: 'en', timeZone: 'system', clock: 'language', dates: 'language' }),
);

describe('formats', () => {
  it('are those of the language', async () => {
    await localeChoice.choose({ language: 'de', timeZone: 'Europe/Berlin' });
    expect(number(12_345.5)).toBe('12.345,5');
    expect(percent(0.42)).toMatch(/^42\s%$/);
    expect(list(['a', 'b', 'c'])).toBe('a, b und c');
    expect(time(NOON)).toBe('13:30');
    expect(date(NOON)).toBe('28. Nov. 2026');
  });

  it('go by the time zone, also for what day it is', async () => {
    await localeChoice.choose({ timeZone: 'Pacific/Auckland' });
    expect(isoDay(NOON)).toBe('2026-11-29');
    await localeChoice.choose({ timeZone: 'America/Los_Angeles' });
    expect(isoDay(NOON)).toBe('2026-11-28');
    expect(shortDate(NOON, NOON + 60_000)).toMatch(/^4:30\sAM$/);
    expect(shortDate(NOON, NOON + DAY_MS)).toBe('Nov 28');
    expect(shortDate(NOON, NOON + 90 * DAY_MS)).toBe('Nov 28, 2026');
    expect(relativeDay(NOON, NOON + DAY_MS)).toBe('yesterday');
  });

  it('follow the chosen clock and the chosen order of a date', async () => {
    await localeChoice.choose({ timeZone: 'UTC', clock: '24', dates: 'iso' });
    expect(dateTime(NOON)).toBe('2026-11-28 12:30');
    expect(shortDate(NOON, NOON + DAY_MS)).toBe('2026-11-28');
  });

  it('say sizes as people do', () => {
    const said = [0, 1, 999, 1000, 9_940, 10_400, 1_400_000, 999_600, 2e9, 5e15].map(fileSize);
    expect(said).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1 kB',
      '9.9 kB',
      '10 kB',
      '1.4 MB',
      '1 MB',
      '2 GB',
      '5,000 TB',
    ]);
  });
});

describe('the choice', () => {
  it('is kept, and what is no choice is not taken', async () => {
    await localeChoice.choose({ language: 'de', timeZone: 'Nowhere/Nothing' });
    expect(localeChoice.current.timeZone).toBe('system');
    expect(localStorage.getItem('s-mail-locale')).toContain('"language":"de"');
  });
});
