import { createInstance, type FormatterModule } from 'i18next';
import english from './en';
import type { LanguageTag, Texts } from './languages';

/** What may be put into a text. */
export type Value = string | number;
export type Values = Readonly<Record<string, Value>>;

/** Writes a value as the language does. */
type Write = (value: Value) => string;

/** The texts of all languages that have been loaded, with English for what one of them lacks. */
export class Translator {
  readonly #i18n = createInstance();
  /** Texts without values, by language and key: a list asks for the same few in each of its rows. */
  readonly #plain = new Map<string, string>();

  constructor(write: Write) {
    const formatter: FormatterModule = {
      type: 'formatter',
      init: () => undefined,
      add: () => undefined,
      addCached: () => undefined,
      format: (value: unknown) => (isValue(value) ? write(value) : ''),
    };
    void this.#i18n.use(formatter).init({
      lng: 'en',
      fallbackLng: 'en',
      resources: { en: english },
      initAsync: false,
      keySeparator: false,
      returnNull: false,
      // Svelte escapes what it writes into the page.
      interpolation: { escapeValue: false, alwaysFormat: true },
    });
  }

  has(language: LanguageTag): boolean {
    return this.#i18n.hasResourceBundle(language, 'common');
  }

  add(language: LanguageTag, texts: Texts): void {
    for (const [namespace, entries] of Object.entries(texts))
      this.#i18n.addResourceBundle(language, namespace, entries);
    this.#plain.clear();
  }

  /** A text with its values. The form that `count` asks for is chosen by the language's own rules. */
  text(language: LanguageTag, key: string, values: Values): string {
    if (Object.keys(values).length > 0) return this.#translated(language, key, values);
    const name = `${language} ${key}`;
    const known = this.#plain.get(name) ?? this.#translated(language, key, values);
    this.#plain.set(name, known);
    return known;
  }

  #translated(language: LanguageTag, key: string, values: Values): string {
    return this.#i18n.t(key, { ...options(language, values), replace: values });
  }

  /** A text as it is written, its values not put in yet. */
  template(language: LanguageTag, key: string, values: Values): string {
    return this.#i18n.t(key, { ...options(language, values), skipInterpolation: true });
  }

  /** Puts values into what `template` gave, or into a part of it. */
  fill(language: LanguageTag, template: string, values: Values): string {
    return this.#i18n.services.interpolator.interpolate(template, values, language, {});
  }
}

/** What is put in is nobody's text of ours: nothing in it is looked up (`nest`). */
function options(lng: LanguageTag, values: Values) {
  const { count } = values;
  return { lng, nest: false, ...(typeof count === 'number' && { count }) };
}

function isValue(value: unknown): value is Value {
  return typeof value === 'string' || typeof value === 'number';
}
