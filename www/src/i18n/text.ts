import { number } from './formats';
import { isolate } from './isolate';
import type { Key } from './keys';
import type { LanguageTag } from './languages';
import { languageOf } from './languages';
import { locale } from './locale.svelte';
import { Translator, type Value, type Values } from './translator';

const translator = new Translator(write);

/**
 * A text in the language of the page. A component that calls it draws anew when the language changes; what is made once,
 * a constant of a module say, would stay as it was.
 */
export function t(key: Key, values: Values = {}): string {
  return translator.text(locale.language, key, values);
}

/** A part of a text: words, or words that stand in a tag, as in `Go to <link>the inbox</link>.` */
export interface Piece {
  tag: string | undefined;
  text: string;
}

/** A text cut at its tags, for those that hold a link or something set off. No tag is looked for in the values. */
export function pieces(key: Key, values: Values = {}): Piece[] {
  const { language } = locale;
  const template = translator.template(language, key, values);
  return cut(template).map(({ tag, text }) => ({ tag, text: translator.fill(language, text, values) }));
}

/** Makes a language ready to be shown. */
export async function fetchTexts(language: LanguageTag): Promise<void> {
  const { load } = languageOf(language);
  if (load && !translator.has(language)) translator.add(language, (await load()).default);
}

function cut(template: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of template.matchAll(/<(\w+)>(.*?)<\/\1>/gs)) {
    found.push({ tag: undefined, text: template.slice(at, match.index) });
    found.push({ tag: match[1], text: match[2] ?? '' });
    at = match.index + match[0].length;
  }
  found.push({ tag: undefined, text: template.slice(at) });
  return found.filter(({ tag, text }) => tag !== undefined || text !== '');
}

function write(value: Value): string {
  return typeof value === 'number' ? number(value) : isolate(value, locale.dir);
}
