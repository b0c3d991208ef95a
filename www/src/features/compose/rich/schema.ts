/** What a formatted message is made of. Whatever is pasted, quoted or opened becomes this, or is left out. */
import { Schema, type DOMOutputSpec, type MarkSpec, type NodeSpec } from 'prosemirror-model';
import { linkify } from '../../reader/body';
import { linkTarget } from '../../reader/html/links';

const within = (tag: string): (() => DOMOutputSpec) => {
  return () => [tag, 0];
};

const nodes = {
  doc: { content: 'block+' },
  /** What ends a message, below two hyphens in plain text. */
  signature: {
    content: 'block+',
    group: 'block',
    defining: true,
    parseDOM: [{ tag: 'div.smail-signature' }],
    toDOM: () => ['div', { class: 'smail-signature' }, 0],
  },
  /** One line, as in plain text: lines stand without space between them. */
  paragraph: {
    content: 'inline*',
    group: 'block',
    parseDOM: [{ tag: 'p' }, { tag: 'div', getAttrs: lineOnly }],
    toDOM: within('div'),
  },
  heading: {
    attrs: { level: { default: 1, validate: 'number' } },
    content: 'inline*',
    group: 'block',
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({
      tag: `h${level}`,
      attrs: { level: level === 1 ? 1 : 2 },
    })),
    toDOM: (node) => [`h${Number(node.attrs['level'])}`, 0],
  },
  blockquote: {
    content: 'block+',
    group: 'block',
    defining: true,
    parseDOM: [{ tag: 'blockquote' }],
    toDOM: within('blockquote'),
  },
  code_block: {
    content: 'text*',
    marks: '',
    group: 'block',
    code: true,
    defining: true,
    parseDOM: [{ tag: 'pre', preserveWhitespace: 'full' }],
    toDOM: within('pre'),
  },
  bullet_list: {
    content: 'list_item+',
    group: 'block',
    parseDOM: [{ tag: 'ul' }],
    toDOM: within('ul'),
  },
  ordered_list: {
    attrs: { start: { default: 1, validate: 'number' } },
    content: 'list_item+',
    group: 'block',
    parseDOM: [{ tag: 'ol', getAttrs: (list) => ({ start: startOf(list) }) }],
    toDOM: (node) => ['ol', { start: String(node.attrs['start']) }, 0],
  },
  list_item: { content: 'paragraph block*', defining: true, parseDOM: [{ tag: 'li' }], toDOM: within('li') },
  horizontal_rule: { group: 'block', parseDOM: [{ tag: 'hr' }], toDOM: () => ['hr'] },
  text: { group: 'inline' },
  hard_break: {
    inline: true,
    group: 'inline',
    selectable: false,
    parseDOM: [{ tag: 'br' }],
    toDOM: () => ['br'],
  },
  /** A picture that the message brings along. */
  picture: {
    attrs: { contentId: { validate: 'string' }, alt: { default: '', validate: 'string' } },
    inline: true,
    group: 'inline',
    draggable: true,
    parseDOM: [{ tag: 'img[src^="cid:"]', getAttrs: pictureOf }],
    toDOM: (node) => [
      'img',
      { src: `cid:${String(node.attrs['contentId'])}`, alt: String(node.attrs['alt']) },
    ],
  },
} satisfies Record<string, NodeSpec>;

const marks = {
  link: {
    attrs: { href: { validate: 'string' } },
    inclusive: false,
    parseDOM: [{ tag: 'a[href]', getAttrs: linkOf }],
    toDOM: (mark) => ['a', { href: String(mark.attrs['href']), rel: 'noopener noreferrer' }, 0],
  },
  strong: { parseDOM: [{ tag: 'strong' }, { tag: 'b' }], toDOM: within('strong') },
  em: { parseDOM: [{ tag: 'em' }, { tag: 'i' }], toDOM: within('em') },
  underline: { parseDOM: [{ tag: 'u' }, { tag: 'ins' }], toDOM: within('u') },
  strike: { parseDOM: [{ tag: 's' }, { tag: 'strike' }, { tag: 'del' }], toDOM: within('s') },
  code: {
    parseDOM: [{ tag: 'code' }, { tag: 'tt' }, { tag: 'samp' }, { tag: 'kbd' }],
    toDOM: within('code'),
  },
} satisfies Record<string, MarkSpec>;

export const schema = new Schema({ nodes, marks });

/** A division that holds blocks is none itself. */
function lineOnly(division: HTMLElement): null | false {
  return division.querySelector(BLOCKS) ? false : null;
}

const BLOCKS = 'div, p, ul, ol, blockquote, pre, h1, h2, h3, h4, h5, h6, hr, table, section, article';

function startOf(list: HTMLElement): number {
  const start = Number(list.getAttribute('start') ?? 1);
  return Number.isSafeInteger(start) && start >= 0 ? start : 1;
}

function pictureOf(image: HTMLElement): { contentId: string; alt: string } {
  return { contentId: (image.getAttribute('src') ?? '').slice(4), alt: image.getAttribute('alt') ?? '' };
}

function linkOf(anchor: HTMLElement): { href: string } | false {
  const url = linkTarget(anchor.getAttribute('href') ?? '');
  if (!url) return false;
  return isItself(anchor, url) ? false : { href: url.href };
}

/**
 * Whether an address stands there itself, by itself: it is made a link whenever the text is kept, and here it can be
 * written on.
 */
function isItself(anchor: HTMLElement, url: URL): boolean {
  if (anchor.childElementCount > 0 || anchor.closest('code, pre')) return false;
  const [own, ...more] = linkify(anchor.textContent);
  const before = anchor.previousSibling?.textContent ?? '';
  const after = anchor.nextSibling?.textContent ?? '';
  const isApart = /(?:^|\s)$/.test(before) && /^[.,;:!?]*(?:\s|$)/.test(after);
  return isApart && own?.kind === 'link' && own.href === url.href && more.length === 0;
}
