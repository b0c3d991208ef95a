import { describe, expect, it } from 'vitest';
import arabic from './ar';
import german from './de';
import english from './en';
import { LANGUAGE_TAGS, type LanguageTag, type Texts } from './languages';

const ALL: Record<LanguageTag, Texts> = { en: english, de: german, ar: arabic };
const OTHERS = LANGUAGE_TAGS.filter((tag) => tag !== 'en');
const FORM = /_(zero|one|two|few|many|other)$/;
const SOURCES: Record<string, string> = import.meta.glob('../**/*.{ts,svelte}', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Every text of a language, by `namespace:key` with the ending of its plural form. */
function flat(tag: LanguageTag): Map<string, string> {
  const namespaces = Object.entries<Record<string, string>>(ALL[tag]);
  return new Map(
    namespaces.flatMap(([namespace, texts]) =>
      Object.entries(texts).map(([key, text]) => [`${namespace}:${key}`, text] as const),
    ),
  );
}

/** The forms of each key; none for a key that has no plural. */
function forms(tag: LanguageTag): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const key of flat(tag).keys()) {
    const plain = key.replace(FORM, '');
    const known = found.get(plain) ?? new Set();
    const form = FORM.exec(key)?.[1];
    found.set(plain, form === undefined ? known : known.add(form));
  }
  return found;
}

function marks(text: string): string[] {
  const found = text.match(/\{\{\w+\}\}|<\/?\w+>/g) ?? [];
  return [...new Set(found)].sort();
}

/** What the forms of each key hold, all together: the number itself may be left out of some. */
function marksByKey(tag: LanguageTag): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [full, text] of flat(tag)) {
    const key = full.replace(FORM, '');
    found[key] = [...new Set([...(found[key] ?? []), ...marks(text)])].sort();
  }
  return found;
}

/** Keys as the code names them, and the beginnings of those that it puts together. */
function named(): { keys: Set<string>; beginnings: string[] } {
  const code = Object.entries(SOURCES)
    .filter(([path]) => !path.endsWith('.test.ts'))
    .map(([, text]) => text)
    .join('\n');
  const keys = [...code.matchAll(/['"`](\w+:[\w.-]+)['"`]/g)].map(([, key = '']) => key);
  const beginnings = [...code.matchAll(/`(\w+:[\w.-]*)\$\{/g)].map(([, start = '']) => start);
  return { keys: new Set(keys), beginnings };
}

describe.each(OTHERS)('the texts in %s', (tag) => {
  it('are those that English has', () => {
    expect([...forms(tag).keys()].sort()).toEqual([...forms('en').keys()].sort());
  });

  it('have the same values and tags in them', () => {
    expect(marksByKey(tag)).toEqual(marksByKey('en'));
  });

  it('are none of them empty', () => {
    expect([...flat(tag)].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});

describe.each(LANGUAGE_TAGS)('plurals in %s', (tag) => {
  it('have all the forms of the language', () => {
    const needed = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const [key, has] of forms(tag)) {
      if (has.size === 0) continue;
      expect([key, needed.filter((form) => !has.has(form))]).toEqual([key, []]);
    }
  });
});

it('is all used somewhere', () => {
  const { keys, beginnings } = named();
  const isUsed = (key: string) => keys.has(key) || beginnings.some((start) => key.startsWith(start));
  expect([...forms('en').keys()].filter((key) => !isUsed(key))).toEqual([]);
});
