import { describe, expect, it } from 'vitest';
import { templatePattern } from './core-text';
import english from './en';

const CORE: Record<string, string> = import.meta.glob(
  [
    '../../../mail-core/src/**/*.rs',
    '../../../crypto-wasm/src/mail/**/*.rs',
    '!**/*tests.rs',
    '!**/measure/**',
  ],
  { query: '?raw', import: 'default', eager: true },
);
/** What is wrong with a key: it is put into a sentence of the core. */
const FAULTS: Record<string, string> = import.meta.glob(
  '../../../crypto-core/src/openpgp/{certificate,generate,policy/mod,renew}.rs',
  { query: '?raw', import: 'default', eager: true },
);
/** What the server says, where the core has no words of its own for it. */
const SERVER: Record<string, string> = import.meta.glob('../../../server/src/api_error.rs', {
  query: '?raw',
  import: 'default',
  eager: true,
});
/** The worker has no language, so what goes wrong there, and in what calls it, is said as the core says it. */
const PAGE: Record<string, string> = import.meta.glob(
  ['../{api,app,crypto,features,offline,ui}/**/*.ts', '!**/*.test.ts', '!**/*.d.ts', '!**/wasm/**'],
  { query: '?raw', import: 'default', eager: true },
);

/** Sentences that are not shown in the page, and why. */
const NOT_SHOWN: Record<string, string> = {
  '{} ({} bytes), kept encrypted on the server that this message came from. Open the message with S-Mail to get it.':
    'is a part of the message, for those who read it with another program',
};

const TEXTS = Object.values(english.errors);
const FITS = TEXTS.map(templatePattern);

describe('what the core and the worker say', () => {
  const said = [...sentences(CORE, 'rust'), ...faults(FAULTS), ...titles(), ...sentences(PAGE, 'script')];

  it('is found in their sources', () => {
    expect(said).toContain('Add at least one recipient.');
    expect(said).toContain('“{shown}” is not an address. Write a user name of this server, or name@domain.');
    expect(said).toContain('this key has expired');
    expect(said).toContain('What arrived is not what was sent. Send it again.');
    expect(said).not.toContain('This user name is taken.');
    expect(said).toContain('Nobody is logged in.');
  });

  it('has a text in every language', () => {
    const isKnown = (sentence: string) =>
      FITS.some((fits) => fits.test(sentence.replace(/\{[^{}]*\}/g, '1')));
    expect(said.filter((sentence) => !isKnown(sentence) && !(sentence in NOT_SHOWN))).toEqual([]);
  });

  it('is all that there are texts for', () => {
    const sources = [CORE, FAULTS, SERVER, PAGE]
      .flatMap((files) => Object.values(files).map(joined))
      .join('\n');
    const strange = Object.entries(english.errors).filter(([, text]) => !asWritten(text).test(sources));
    // Of forms for one and for many, the core may have one alone.
    expect(strange.map(([key]) => key).filter((key) => !/_(one|other)$/.test(key))).toEqual([]);
    expect(Object.keys(NOT_SHOWN).filter((sentence) => !said.includes(sentence))).toEqual([]);
  });
});

/** Strings that begin and end as a sentence does. */
function sentences(files: Record<string, string>, language: keyof typeof STRINGS): string[] {
  return Object.values(files)
    .flatMap((source) => strings(source, language))
    .filter((text) => /^[A-Z“{]\S* .*[.?!]$/s.test(text));
}

/** The texts of errors, which stand inside a sentence. */
function faults(files: Record<string, string>): string[] {
  const attributes = Object.values(files).flatMap((source) => [
    ...joined(source).matchAll(/#\[error\(\s*"((?:[^"\\]|\\.)*)"/g),
  ]);
  return attributes.map(([, text = '']) => text);
}

/** The titles of the problems that the core passes on. */
function titles(): string[] {
  const own = Object.entries(CORE).find(([path]) => path.endsWith('/api/error.rs'))?.[1] ?? '';
  const sentence = own.slice(own.indexOf('fn sentence('), own.indexOf('fn problem_word('));
  const all = [
    ...Object.values(SERVER)
      .join('')
      .matchAll(/Code::(\w+) => \(\s*StatusCode::\w+,\s*"([^"]+)"/g),
  ];
  return all.flatMap(([, code = '', title = '']) =>
    sentence.includes(`ProblemCode::${code} =>`) ? [] : [title],
  );
}

/** Comments and characters are read over, strings are taken. */
const STRINGS = {
  rust: /\/\/[^\n]*|'(?:\\[^']+|[^'\\\n])'|"((?:[^"\\]|\\.)*)"/g,
  script: /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g,
};

function strings(source: string, language: keyof typeof STRINGS): string[] {
  const found = [...joined(source).matchAll(STRINGS[language])];
  return found.map(([, one, other]) => one ?? other ?? '').map((text) => text.replace(/\$\{/g, '{'));
}

/** Without tests, and with strings of several lines on one. */
function joined(source: string): string {
  return source.replace(/#\[cfg\(test\)\]\s*mod \w+ \{.*$/s, '').replace(/\\\n\s*/g, '');
}

/** Fits a text as a source has it, with anything in its gaps. */
function asWritten(template: string): RegExp {
  const literals = template.split(/\{\{\w+\}\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(literals.join('\\{[^}]*\\}'));
}
