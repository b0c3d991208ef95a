import { afterEach, describe, expect, it } from 'vitest';
import { locale } from './locale.svelte';
import { LanguageChoice, languageChoice } from './choice.svelte';
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
  utcOffsetMin,
} from './formats';

const NOON = Date.UTC(2026, 10, 28, 12, 30);
const DAY_MS = 86_400_000;

afterEach(async () => {
  localStorage.clear();
  await languageChoice.choose('en');
  Object.assign(locale, { timeZone: undefined, clock: 'language', dates: 'language' });
});

describe('formats', () => {
  it('are those of the language', async () => {
    await languageChoice.choose('de');
    locale.timeZone = 'Europe/Berlin';
    expect(number(12_345.5)).toBe('12.345,5');
    expect(percent(0.42)).toMatch(/^42\s%$/);
    expect(list(['a', 'b', 'c'])).toBe('a, b und c');
    expect(time(NOON)).toBe('13:30');
    expect(date(NOON)).toBe('28. Nov. 2026');
  });

  it('go by the time zone, also for what day it is', () => {
    locale.timeZone = 'Pacific/Auckland';
    expect(isoDay(NOON)).toBe('2026-11-29');
    locale.timeZone = 'America/Los_Angeles';
    expect(isoDay(NOON)).toBe('2026-11-28');
    expect(shortDate(NOON, NOON + 60_000)).toMatch(/^4:30\sAM$/);
    expect(shortDate(NOON, NOON + DAY_MS)).toBe('Nov 28');
    expect(shortDate(NOON, NOON + 90 * DAY_MS)).toBe('Nov 28, 2026');
    expect(relativeDay(NOON, NOON + DAY_MS)).toBe('yesterday');
  });

  it('know how far the time zone is from UTC', () => {
    const offsets = ['Asia/Kolkata', 'America/Los_Angeles', 'UTC'].map((timeZone) => {
      locale.timeZone = timeZone;
      return utcOffsetMin(NOON);
    });
    expect(offsets).toEqual([330, -480, 0]);
  });

  it('follow the chosen clock and the chosen order of a date', () => {
    Object.assign(locale, { timeZone: 'UTC', clock: '24', dates: 'iso' });
    expect(dateTime(NOON)).toBe('2026-11-28 12:30');
    expect(time(NOON - 12 * 3_600_000)).toBe('00:30');
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

describe('the choice of a language', () => {
  const kept = () => localStorage.getItem('s-mail-language');

  it('is kept in the browser, and read again', async () => {
    await languageChoice.choose('de');
    const next = new LanguageChoice();
    await next.start();
    expect([next.current, kept()]).toEqual(['de', 'de']);
  });

  it('is that of the account, and ends with it; an account without one leaves the browser its own', async () => {
    await languageChoice.choose('de');
    await languageChoice.take('');
    expect(languageChoice.current).toBe('de');
    await languageChoice.take('ar');
    expect(languageChoice.current).toBe('ar');
    await languageChoice.take('');
    expect(languageChoice.current).toBe('system');
  });

  it('takes no language that there is none of', async () => {
    localStorage.setItem('s-mail-language', 'tlh');
    const choice = new LanguageChoice();
    await choice.start();
    expect(choice.current).toBe('system');
  });
});
