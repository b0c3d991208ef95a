import { firstKnown, isLanguage, type LanguageTag } from './languages';
import { locale } from './locale.svelte';
import { fetchTexts } from './text';

const STORAGE_KEY = 's-mail-language';
/** Follows the language in what is kept, when it is a copy of the account's setting. */
const FROM_ACCOUNT = ' account';

/** A language, or that of the browser. */
export type ChosenLanguage = LanguageTag | 'system';

/** The language of this browser. It is kept in it, so that the page before the login has it too. */
export class LanguageChoice {
  #chosen = $state<ChosenLanguage>('system');
  #isFromAccount = false;
  /** The texts of the language that was asked for last could not be fetched. */
  failed = $state(false);

  get current(): ChosenLanguage {
    return this.#chosen;
  }

  /** Takes up what was chosen before, and follows the other tabs. */
  async start(): Promise<void> {
    window.addEventListener('storage', ({ key, newValue }) => {
      if (key === STORAGE_KEY) void this.#read(newValue);
    });
    await this.#read(localStorage.getItem(STORAGE_KEY));
  }

  /** Somebody at this browser chooses. */
  choose(language: ChosenLanguage): Promise<void> {
    return this.#keep(language, false);
  }

  /** Takes the account's setting. One that says nothing leaves what was chosen in this browser. */
  async take(setting: string): Promise<void> {
    if (isLanguage(setting)) await this.#keep(setting, true);
    else if (this.#isFromAccount) await this.#keep('system', false);
  }

  #keep(language: ChosenLanguage, isFromAccount: boolean): Promise<void> {
    localStorage.setItem(STORAGE_KEY, language + (isFromAccount ? FROM_ACCOUNT : ''));
    return this.#speak(language, isFromAccount);
  }

  #read(kept: string | null): Promise<void> {
    const word = kept?.replace(FROM_ACCOUNT, '');
    return this.#speak(isLanguage(word) ? word : 'system', kept?.endsWith(FROM_ACCOUNT) === true);
  }

  async #speak(chosen: ChosenLanguage, isFromAccount: boolean): Promise<void> {
    this.#chosen = chosen;
    this.#isFromAccount = isFromAccount;
    const language = chosen === 'system' ? firstKnown(navigator.languages) : chosen;
    try {
      await fetchTexts(language);
      this.failed = false;
    } catch {
      // The page goes on in the language that it has.
      this.failed = this.#chosen === chosen;
      return;
    }
    // Another one may have been chosen in the meantime.
    if (this.#chosen === chosen) show(language);
  }
}

/** The one of this browser. */
export const languageChoice = new LanguageChoice();

function show(language: LanguageTag): void {
  locale.language = language;
  document.documentElement.lang = language;
  document.documentElement.dir = locale.dir;
}
