import { languageOf, regional, type LanguageTag } from './languages';

/** A clock of 12 or of 24 hours, or as the language has it. */
export const CLOCKS = ['language', '12', '24'] as const;
export type Clock = (typeof CLOCKS)[number];

/** Dates in words and order of the language, or as 2026-12-31. */
export const DATE_STYLES = ['language', 'iso'] as const;
export type DateStyle = (typeof DATE_STYLES)[number];

/** The language, the time zone and the formats that the page shows just now. */
class Locale {
  language = $state<LanguageTag>('en');
  /** As the Internet's time zone database names it; undefined means this device's. */
  timeZone = $state<string | undefined>();
  clock = $state<Clock>('language');
  dates = $state<DateStyle>('language');

  /** What `Intl` is asked for. */
  readonly tag = $derived(regional(this.language, navigator.languages));

  get dir(): 'ltr' | 'rtl' {
    return languageOf(this.language).dir;
  }
}

/** The one of this page: whoever reads it while drawing draws anew when it changes. */
export const locale = new Locale();
