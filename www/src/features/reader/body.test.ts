import { describe, expect, it } from 'vitest';
import { bodyBlocks, bodyLines, endOfOwn, linkify, type Token } from './body';

function links(line: string): string[] {
  return linkify(line)
    .filter((token): token is Extract<Token, { kind: 'link' }> => token.kind === 'link')
    .map((token) => token.href);
}

describe('linkify', () => {
  it('keeps every character of the line', () => {
    const line = 'See https://example.org/a?b=c, or (https://example.org/x_(y)).';
    expect(
      linkify(line)
        .map((token) => token.text)
        .join(''),
    ).toBe(line);
  });

  it.each([
    ['Go to https://example.org/a.', ['https://example.org/a']],
    ['(https://example.org/x_(y))', ['https://example.org/x_(y)']],
    ['mailto:bob@example.org', ['mailto:bob@example.org']],
    ['two http://a.example https://b.example', ['http://a.example/', 'https://b.example/']],
    ['javascript:alert(1)', []],
    ['data:text/html,hello', []],
    ['https://', []],
    ['no link at all', []],
  ])('finds the safe links of %s', (line, expected) => {
    expect(links(line)).toEqual(expected);
  });
});

describe('linkify, of what is made to stall it', () => {
  it.each([
    ['brackets', `http://x${')'.repeat(1_000_000)}`],
    ['full stops', `http://x${'.'.repeat(1_000_000)}a`],
  ])('leaves a million %s as text', (_, line) => {
    expect(linkify(line)).toEqual([{ kind: 'text', text: line }]);
  });

  it('takes many unopened brackets off a link', () => {
    expect(links(`http://x.example/a${')'.repeat(2_000)}`)).toEqual(['http://x.example/a']);
  });
});

describe('bodyBlocks', () => {
  it('tells quoted lines from own ones', () => {
    const blocks = bodyBlocks(bodyLines('Yes.\r\n\r\n> Shall we?\r\n> Tomorrow?\r\n\r\nAlice\r\n'));
    expect(blocks).toEqual([
      { kind: 'own', tokens: [{ kind: 'text', text: 'Yes.\n\n' }] },
      { kind: 'quote', tokens: [{ kind: 'text', text: 'Shall we?\nTomorrow?\n' }] },
      { kind: 'own', tokens: [{ kind: 'text', text: '\nAlice\n' }] },
    ]);
  });

  it('takes one mark off a quoted line', () => {
    expect(bodyBlocks(['> > Really?'])).toEqual([
      { kind: 'quote', tokens: [{ kind: 'text', text: '> Really?\n' }] },
    ]);
  });

  it('has a link among the lines around it', () => {
    const link = { kind: 'link', text: 'http://a.example', href: 'http://a.example/' };
    expect(bodyBlocks(['One', 'see http://a.example', 'two'])).toEqual([
      {
        kind: 'own',
        tokens: [{ kind: 'text', text: 'One\nsee ' }, link, { kind: 'text', text: '\ntwo\n' }],
      },
    ]);
  });

  it('has nothing for an empty text', () => {
    expect(bodyBlocks(bodyLines(''))).toEqual([{ kind: 'own', tokens: [{ kind: 'text', text: '\n' }] }]);
  });
});

describe('endOfOwn', () => {
  it.each([
    ['Yes.\n\nOn Monday bob wrote:\n> Shall we?\n>\n> Bob\n', 3],
    ['Yes.\n> Shall we?\nNo.', 3],
    ['> Shall we?\n> Tomorrow?', 2],
    ['Yes.', 1],
    ['', 1],
  ])('finds where the own text of %j ends', (text, end) => {
    expect(endOfOwn(bodyLines(text))).toBe(end);
  });
});
