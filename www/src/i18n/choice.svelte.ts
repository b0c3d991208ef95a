import { firstKnown, isLanguage, type LanguageTag } from './languages';
import { CLOCKS, DATE_STYLES, locale, type Clock, type DateStyle } from './locale.svelte';
import { fetchTexts } from './text';

const STORAGE_KEY = 's-mail-locale';

/** What a person has chosen; `system` means as the browser has it. */
export interface LocaleWishes {
  language: LanguageTag | 'system';
  /** A name of the time zone database. */
  timeZone: string;
  clock: Clock;
  dates: DateStyle;
}

const AS_THE_BROWSER: LocaleWishes = {
  language: 'system',
  timeZone: 'system',
  clock: 'language',
  dates: 'language',
};

/** The language and the formats of this browser. They are kept in it, so that the page before the login has them too. */
export class LocaleChoice {
  #wishes = $state.raw<LocaleWishes>(AS_THE_BROWSER);
  /** The texts of the language that was asked for last could not be fetched. */
  failed = $state(false);

  get current(): LocaleWishes {
    return this.#wishes;
  }

  /** Takes up what was chosen before, and follows the other tabs. */
  async start(): Promise<void> {
    window.addEventListener('storage', ({ key, newValue }) => {
      if (key === STORAGE_KEY) void this.#take(wishesIn(newValue));
    });
    await this.#take(wishesIn(localStorage.getItem(STORAGE_KEY)));
  }

  /** Chooses something of it; the rest stays. */
  async choose(some: Partial<LocaleWishes>): Promise<void> {
    const wishes = checked({ ...this.#wishes, ...some });
    localStorage.setItem(STORAGE_KEY, JSON.stringify(wishes));
    await this.#take(wishes);
  }

  async #take(wishes: LocaleWishes): Promise<void> {
    this.#wishes = wishes;
    locale.timeZone = wishes.timeZone === 'system' ? undefined : wishes.timeZone;
    locale.clock = wishes.clock;
    locale.dates = wishes.dates;
    const language = wishes.language === 'system' ? firstKnown(navigator.languages) : wishes.language;
    try {
      await fetchTexts(language);
      this.failed = false;
    } catch {
      // The page goes on in the language that it has.
      this.failed = this.#wishes === wishes;
      return;
    }
    // Another one may have been chosen in the meantime.
    if (this.#wishes === wishes) show(language);
  }
}

/** The one of this browser. */
export const localeChoice = new LocaleChoice();

function show(language: LanguageTag): void {
  locale.language = language;
  document.documentElement.lang = language;
  document.documentElement.dir = locale.dir;
}

function wishesIn(kept: string | null): LocaleWishes {
  try {
    const found: unknown = JSON.parse(kept ?? '{}');
    return checked(typeof found === 'object' && found !== null ? found : {});
  } catch {
    return AS_THE_BROWSER;
  }
}

/** What was kept may be of another version, or nobody's. */
function checked({ language, timeZone, clock, dates }: Partial<LocaleWishes>): LocaleWishes {
  return {
    language: isLanguage(language) ? language : 'system',
    timeZone: timeZone !== undefined && isTimeZone(timeZone) ? timeZone : 'system',
    clock: CLOCKS.find((known) => known === clock) ?? 'language',
    dates: DATE_STYLES.find((known) => known === dates) ?? 'language',
  };
}

function isTimeZone(name: unknown): name is string {
  if (typeof name !== 'string') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
