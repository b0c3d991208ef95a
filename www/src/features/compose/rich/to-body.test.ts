import { describe, expect, it } from 'vitest';
import { docOf, docOfText } from './from-html';
import { schema } from './schema';
import { bodyOf, isPlain, textOf } from './to-body';

const { nodes, marks } = schema;
const line = (...content: (string | ReturnType<typeof schema.text>)[]) =>
  nodes.paragraph.create(
    null,
    content.map((part) => (typeof part === 'string' ? schema.text(part) : part)),
  );

/** HTML as a cleaner gives it: nodes of a document that is never shown. */
function parsed(html: string): HTMLElement {
  return new DOMParser().parseFromString(html, 'text/html').body;
}

describe('plain text', () => {
  it('goes into the editor and comes out as it was', () => {
    for (const text of [
      '',
      'One line',
      'Two\nlines\n\nand one more\n',
      '\n\nOn Monday, bob wrote:\n> Hello\n>\n>> before\n> after\nend',
      '- no list\n# no heading  with  spaces',
    ]) {
      const doc = docOfText(text);
      expect(textOf(doc)).toBe(text);
      expect(bodyOf(doc)).toEqual({ text, html: undefined, contentIds: [] });
    }
  });
});

describe('a formatted document', () => {
  const doc = schema.node('doc', null, [
    nodes.heading.create({ level: 1 }, schema.text('Plan')),
    line('Read ', schema.text('this', [marks.link.create({ href: 'https://a.example/?a&b' })]), ' <now>'),
    nodes.ordered_list.create({ start: 9 }, [
      nodes.list_item.create(null, [line('nine')]),
      nodes.list_item.create(null, [
        line('ten'),
        nodes.bullet_list.create(null, nodes.list_item.create(null, line('inner'))),
      ]),
    ]),
    nodes.blockquote.create(null, [line('said'), line()]),
    nodes.code_block.create(null, schema.text('if (a < b) {\n  c();\n}')),
    nodes.horizontal_rule.create(),
    nodes.paragraph.create(null, nodes.picture.create({ contentId: '1@s', alt: 'a "dog"' })),
  ]);

  it('says which paragraphs go by their own first letter', () => {
    const mixed = schema.node('doc', null, [
      line('Dear all,'),
      line('مرحباً'),
      nodes.bullet_list.create(null, nodes.list_item.create(null, line('שלום'))),
      nodes.paragraph.create(null, schema.text('bold', [marks.strong.create()])),
    ]);
    expect(bodyOf(mixed).html).toBe(
      '<div>Dear all,</div><div dir="auto">مرحباً</div><ul dir="auto"><li><div dir="auto">שלום</div></li></ul>' +
        '<div><strong>bold</strong></div>',
    );
  });

  it('has a plain form that says the same', () => {
    expect(textOf(doc)).toBe(
      [
        'Plan',
        'Read this <https://a.example/?a&b> <now>',
        '9. nine',
        '10. ten',
        '    - inner',
        '> said',
        '>',
        'if (a < b) {',
        '  c();',
        '}',
        '---',
        '[a "dog"]',
      ].join('\n'),
    );
  });

  it('becomes HTML in which nothing but the schema is', () => {
    const { html, contentIds } = bodyOf(doc);
    expect(contentIds).toEqual(['1@s']);
    expect(html).toContain('<h1>Plan</h1>');
    expect(html).toContain('<a href="https://a.example/?a&amp;b">this</a> &lt;now&gt;</div>');
    expect(html).toContain('<img src="cid:1@s" alt="a &quot;dog&quot;" style="max-width:100%">');
    expect(html).toContain('<pre>if (a &lt; b) {\n  c();\n}</pre>');
  });

  it('is the same when it is opened again', () => {
    const { html } = bodyOf(doc);
    const again = docOf({ root: parsed(html ?? ''), contentIds: new Set(['1@s']) });
    expect(again.toJSON()).toEqual(doc.toJSON());
  });

  it('makes links of addresses that were typed, which can be written on when it is opened again', () => {
    const typed = schema.node('doc', null, [
      line(schema.text('b', [marks.strong.create()]), schema.text(' https://a.example/?x&y, see')),
    ]);
    const { html, text } = bodyOf(typed);
    expect(text).toBe('b https://a.example/?x&y, see');
    expect(html).toContain('<a href="https://a.example/?x&amp;y">https://a.example/?x&amp;y</a>, see');
    expect(docOf({ root: parsed(html ?? ''), contentIds: new Set() }).toJSON()).toEqual(typed.toJSON());
  });

  it('keeps spaces that HTML would fold', () => {
    const spaced = schema.node('doc', null, [line(schema.text('a  b', [marks.strong.create()]))]);
    expect(bodyOf(spaced)).toMatchObject({ text: 'a  b', html: '<div><strong>a\u00a0 b</strong></div>' });
  });
});

describe('HTML from elsewhere', () => {
  const from = (html: string) => docOf({ root: parsed(html), contentIds: new Set() });

  it('becomes what the editor knows, and nothing else', () => {
    const doc = from(
      '<div><p>One <span style="font-weight: 700">bold</span></p><p>Two</p></div>' +
        '<table><tr><td>a</td><td><i>b</i></td></tr></table>' +
        '<img src="https://tracker.example/x.gif" alt="logo"><a href="javascript:alert(1)">no</a><style>p{}</style>',
    );
    expect(bodyOf(doc)).toEqual({
      text: 'One bold\n\nTwo\na b\n[logo] no',
      html: '<div>One <strong>bold</strong></div><div><br></div><div>Two</div><div>a <em>b</em></div><div>[logo] no</div>',
      contentIds: [],
    });
  });

  it('of no formatting is plain', () => {
    expect(isPlain(from('<div>Only <span style="color: red">words</span></div>'))).toBe(true);
  });
});
