/** From the editor's document to what is kept and sent. The HTML is written here, letter by letter, from the schema alone. */
import type { Mark, Node } from 'prosemirror-model';
import { hasRightToLeft } from '../../../i18n/isolate';
import { linkify } from '../../reader/body';
import type { Body } from '../body';
import { SIGNATURE_MARK } from '../signature';

/** The document in all its forms. One that plain text can say is plain text alone. */
export function bodyOf(doc: Node): Body {
  const contentIds: string[] = [];
  doc.descendants((node) => {
    if (node.type.name === 'picture') contentIds.push(String(node.attrs['contentId']));
  });
  return { text: textOf(doc), html: isPlain(doc) ? undefined : blocksHtml(doc), contentIds };
}

/** Whether nothing would be lost as plain text. */
export function isPlain(doc: Node): boolean {
  let plain = true;
  doc.descendants((node) => {
    plain &&= PLAIN.has(node.type.name) && node.marks.length === 0;
    return plain;
  });
  return plain;
}

const PLAIN = new Set(['signature', 'paragraph', 'text', 'hard_break', 'blockquote']);

export function textOf(doc: Node): string {
  return lines(doc).join('\n');
}

function lines(parent: Node): string[] {
  const all: string[] = [];
  parent.forEach((block, _, index) => all.push(...linesOf(block, parent, index)));
  return all;
}

function linesOf(block: Node, parent: Node, index: number): string[] {
  switch (block.type.name) {
    case 'blockquote':
      return lines(block).map((line) =>
        line === '' ? '>' : line.startsWith('>') ? `>${line}` : `> ${line}`,
      );
    case 'list_item':
      return indented(lines(block), itemMark(parent, index));
    case 'bullet_list':
    case 'ordered_list':
      return lines(block);
    case 'signature':
      return [SIGNATURE_MARK, ...lines(block)];
    case 'horizontal_rule':
      return ['---'];
    default:
      return inlineText(block).split('\n');
  }
}

function itemMark(list: Node, index: number): string {
  return list.type.name === 'ordered_list' ? `${Number(list.attrs['start']) + index}. ` : '- ';
}

function indented(item: string[], mark: string): string[] {
  return item.map((line, at) => (at === 0 ? mark : line === '' ? '' : ' '.repeat(mark.length)) + line);
}

function inlineText(block: Node): string {
  let text = '';
  block.forEach((node, _, index) => {
    text += leafText(node);
    const link = linkOf(node);
    const goesOn = link && index + 1 < block.childCount && linkOf(block.child(index + 1))?.eq(link);
    if (link && !goesOn) text += addressBehind(text, String(link.attrs['href']));
  });
  return text;
}

function leafText(node: Node): string {
  if (node.type.name === 'hard_break') return '\n';
  if (node.type.name === 'picture') return `[${String(node.attrs['alt'])}]`;
  return (node.text ?? '').replaceAll('\u00a0', ' ');
}

const linkOf = (node: Node): Mark | undefined => node.marks.find((mark) => mark.type.name === 'link');

/** Where a link leads, unless its words say so. */
function addressBehind(text: string, href: string): string {
  const bare = (address: string) => address.replace(/^mailto:/, '').replace(/\/$/, '');
  return bare(text).endsWith(bare(href)) ? '' : ` <${href}>`;
}

function blocksHtml(parent: Node): string {
  let html = '';
  parent.forEach((block) => (html += blockHtml(block)));
  return html;
}

function blockHtml(block: Node): string {
  switch (block.type.name) {
    case 'paragraph':
      return `<div${direction(block)}>${inlineHtml(block) || '<br>'}</div>`;
    case 'heading': {
      const tag = `h${Number(block.attrs['level'])}`;
      return `<${tag}${direction(block)}>${inlineHtml(block)}</${tag}>`;
    }
    case 'blockquote':
      return `<blockquote type="cite" style="${QUOTE_STYLE}">${blocksHtml(block)}</blockquote>`;
    case 'signature':
      return `<div class="smail-signature">${blocksHtml(block)}</div>`;
    case 'code_block':
      return `<pre${direction(block)}>${escaped(block.textContent)}</pre>`;
    case 'bullet_list':
      return `<ul${direction(block)}>${blocksHtml(block)}</ul>`;
    case 'ordered_list':
      return `<ol${direction(block)} start="${Number(block.attrs['start'])}">${blocksHtml(block)}</ol>`;
    case 'list_item':
      return `<li>${blocksHtml(block)}</li>`;
    default:
      return '<hr>';
  }
}

/** Each goes by its own first letter, which is said only where it matters: other programs show what says nothing from the left. */
function direction(block: Node): string {
  return hasRightToLeft(block.textContent) ? ' dir="auto"' : '';
}

/** As mail programs show quotations that they know no better way for. */
const QUOTE_STYLE = 'margin:0 0 0 0.8ex;border-left:2px solid #ccc;padding-left:1ex';

function inlineHtml(block: Node): string {
  let html = '';
  block.forEach((node, _, index) => {
    const leaf = leafHtml(node, block.maybeChild(index - 1), block.maybeChild(index + 1));
    html += node.marks.reduceRight((inside, mark) => wrapped(inside, mark), leaf);
  });
  return html;
}

function leafHtml(node: Node, before: Node | null, after: Node | null): string {
  if (node.type.name === 'hard_break') return '<br>';
  if (node.type.name === 'picture') {
    const { contentId, alt } = node.attrs;
    return `<img src="cid:${escaped(String(contentId))}" alt="${escaped(String(alt))}" style="max-width:100%">`;
  }
  // White space that HTML would leave out.
  let text = linked(node, before, after).replace(/ (?= )/g, '\u00a0');
  if (!before) text = text.replace(/^ /, '\u00a0');
  return after ? text : text.replace(/ $/, '\u00a0');
}

/**
 * Text, with what is an address in it as a link: other programs make none of it. One that goes on in another format stays
 * text.
 */
function linked(node: Node, before: Node | null, after: Node | null): string {
  const text = node.text ?? '';
  if (node.marks.some(({ type }) => type.name === 'link' || type.name === 'code')) return escaped(text);
  const isCut = [/\S$/.test(before?.text ?? ''), /^\S/.test(after?.text ?? '')];
  const tokens = linkify(text);
  const pieces = tokens.map((token, at) => {
    const words = escaped(token.text);
    const isWhole = !(at === 0 && isCut[0]) && !(at === tokens.length - 1 && isCut[1]);
    return token.kind === 'link' && isWhole ? `<a href="${escaped(token.href)}">${words}</a>` : words;
  });
  return pieces.join('');
}

const TAGS: Record<string, string> = {
  strong: 'strong',
  em: 'em',
  underline: 'u',
  strike: 's',
  code: 'code',
};

function wrapped(inside: string, mark: Mark): string {
  if (mark.type.name === 'link') return `<a href="${escaped(String(mark.attrs['href']))}">${inside}</a>`;
  const tag = TAGS[mark.type.name];
  return tag === undefined ? inside : `<${tag}>${inside}</${tag}>`;
}

const REFERENCES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => REFERENCES[letter] ?? letter);
}
