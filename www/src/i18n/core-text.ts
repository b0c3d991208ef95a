import english from './en';
import type { Key } from './keys';
import { locale } from './locale.svelte';
import { t } from './text';

/** A sentence of the core with gaps for its values, as English has it under a key. */
interface Template {
  key: Key;
  fits: RegExp;
}

let templates: Template[] | undefined;

/**
 * What the Rust core says, in the language of the page. The core gives whole English sentences; each that has a text under
 * `errors` is told by its words, and what stands in its gaps is put into the text. Any other stays as it is.
 */
export function coreText(sentence: string): string {
  if (locale.language === 'en') return sentence;
  const whole = translated(sentence);
  if (whole !== undefined) return whole;
  // Two sentences in one, as in what is said of a message's protection.
  const end = sentence.search(/[.!?:] /);
  const first = end < 0 ? undefined : translated(sentence.slice(0, end + 1));
  return first === undefined ? sentence : `${first} ${coreText(sentence.slice(end + 2))}`;
}

function translated(sentence: string): string | undefined {
  templates ??= Object.entries(english.errors).map(([key, text]) => ({
    key: `errors:${key}` as Key,
    fits: pattern(text),
  }));
  for (const { key, fits } of templates) {
    const found = fits.exec(sentence);
    if (found) return t(key, inLanguage(found.groups ?? {}));
  }
  return undefined;
}

/** A gap may hold a sentence itself: why something failed. */
function inLanguage(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, translated(value) ?? value]),
  );
}

function pattern(template: string): RegExp {
  const parts = template.split(/\{\{(\w+)\}\}/);
  const source = parts.map((part, at) => (at % 2 === 1 ? `(?<${part}>.+?)` : literal(part)));
  return new RegExp(`^${source.join('')}$`, 's');
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
