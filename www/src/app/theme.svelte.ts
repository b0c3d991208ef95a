const STORAGE_KEY = 's-mail-theme';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

function isTheme(word: string | null): word is Theme {
  return THEMES.some((theme) => theme === word);
}

function kept(): Theme {
  const word = localStorage.getItem(STORAGE_KEY);
  return isTheme(word) ? word : 'system';
}

/** Light, dark, or as the system has it; kept in this browser. */
export class ThemeChoice {
  #theme = $state<Theme>(kept());

  constructor() {
    this.#apply();
  }

  get current(): Theme {
    return this.#theme;
  }

  choose(theme: Theme): void {
    this.#theme = theme;
    // What needs no choosing leaves no trace.
    if (theme === 'system') localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, theme);
    this.#apply();
  }

  #apply(): void {
    if (this.#theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = this.#theme;
  }
}
