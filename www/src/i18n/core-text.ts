import english from './en';
import type { Key } from './keys';
import { locale } from './locale.svelte';
import { t } from './text';
import type { Values } from './translator';

/** A sentence of the core with gaps for its values, as English has it under a key. */
interface Template {
  key: Key;
  fits: RegExp;
}

const PLURAL_FORM = /_(one|other)$/;
/** Gaps that hold a number, to be written as the language does. */
const NUMBERS: ReadonlySet<string> = new Set(['count', 'limit', 'shortest', 'longest']);

let templates: Template[] | undefined;

/**
 * What the Rust core or the worker says, in the language of the page. They give whole English sentences; each that has a
 * text under `errors` is told by its words, and what stands in its gaps is put into the text. Any other stays as it is.
 */
export function coreText(sentence: string): string {
  if (locale.language === 'en') return sentence;
  return translated(sentence) ?? inParts(sentence) ?? sentence;
}

/** Several texts in one, as in what is said of a message's protection: the longest that is known comes first. */
function inParts(sentence: string): string | undefined {
  const ends = [...sentence.matchAll(/[.!?:] /g)].map(({ index }) => index + 1).reverse();
  for (const end of ends) {
    const first = translated(sentence.slice(0, end));
    if (first !== undefined) return `${first} ${coreText(sentence.slice(end + 1))}`;
  }
  return undefined;
}

function translated(sentence: string): string | undefined {
  templates ??= Object.entries(english.errors).map(([key, text]) => ({
    key: `errors:${key.replace(PLURAL_FORM, '')}` as Key,
    fits: templatePattern(text),
  }));
  for (const { key, fits } of templates) {
    const found = fits.exec(sentence);
    if (found) return t(key, valuesOf(found.groups ?? {}));
  }
  return undefined;
}

/** A gap may hold a number, or words of the core: why something failed. A plural form without a number is that of one. */
function valuesOf(gaps: Record<string, string>): Values {
  const values: Record<string, string | number> = { count: 1 };
  for (const [name, words] of Object.entries(gaps))
    values[name] = NUMBERS.has(name) && /^\d+$/.test(words) ? Number(words) : coreText(words);
  return values;
}

/** Fits a text whose gaps are filled. */
export function templatePattern(template: string): RegExp {
  const parts = template.split(/\{\{(\w+)\}\}/);
  const source = parts.map((part, at) => (at % 2 === 1 ? `(?<${part}>.+?)` : literal(part)));
  return new RegExp(`^${source.join('')}$`, 's');
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
