import type english from './en';

/** The texts of one language, by namespace. */
export type Texts = Record<keyof typeof english, Record<string, string>>;

/** A language that the page speaks. */
export interface Language {
  /** What it calls itself. */
  name: string;
  dir: 'ltr' | 'rtl';
  /** Fetches its texts; English is always there. */
  load?: () => Promise<{ default: Texts }>;
}

/** All of them. A further one is a folder like `de` and a line here. */
export const LANGUAGES = {
  en: { name: 'English', dir: 'ltr' },
  de: { name: 'Deutsch', dir: 'ltr', load: () => import('./de') },
  ar: { name: 'العربية', dir: 'rtl', load: () => import('./ar') },
} as const satisfies Record<string, Language>;

export type LanguageTag = keyof typeof LANGUAGES;

export const LANGUAGE_TAGS = Object.keys(LANGUAGES) as LanguageTag[];

export function isLanguage(word: unknown): word is LanguageTag {
  return typeof word === 'string' && Object.hasOwn(LANGUAGES, word);
}

export function languageOf(tag: LanguageTag): Language {
  return LANGUAGES[tag];
}

/** The first of these languages, as a browser names them, that there is. */
export function firstKnown(wanted: readonly string[]): LanguageTag {
  return wanted.map(base).find(isLanguage) ?? 'en';
}

/** How numbers and dates are written: as in the person's own region, where the browser names one for the language. */
export function regional(tag: LanguageTag, wanted: readonly string[]): string {
  return wanted.find((word) => base(word) === tag) ?? tag;
}

function base(word: string): string {
  return word.split('-')[0]?.toLowerCase() ?? '';
}
