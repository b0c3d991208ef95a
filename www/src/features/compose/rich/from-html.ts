/** From HTML that was cleaned, and from plain text, to a document of the editor. */
import { DOMParser, Fragment, Slice, type Node } from 'prosemirror-model';
import { SIGNATURE_MARK } from '../signature';
import { schema } from './schema';

/** What is parsed: nodes of a document that is never shown, and the pictures that may stay. */
export interface Cleaned {
  root: HTMLElement;
  contentIds: ReadonlySet<string>;
}

const parser = DOMParser.fromSchema(schema);
const NO_PICTURES: ReadonlySet<string> = new Set();

/** The document of cleaned HTML. */
export function docOf(cleaned: Cleaned): Node {
  return parser.parse(prepared(cleaned));
}

/** The blocks of what a stranger wrote: none of its pictures stays. */
export function blocksOf(root: HTMLElement): Fragment {
  return docOf({ root, contentIds: NO_PICTURES }).content;
}

/** What is pasted, open at its ends so that it joins the line that it comes into. */
export function sliceOf(root: HTMLElement): Slice {
  return parser.parseSlice(prepared({ root, contentIds: NO_PICTURES }));
}

/** The document of plain text: a paragraph a line, quoted lines in quotations. */
export function docOfText(text: string): Node {
  const [above, below] = cutAtSignature(text);
  const blocks = above === undefined ? [] : blocksOfText(above);
  if (below !== undefined) blocks.push(schema.node('signature', null, blocksOfText(below)));
  return schema.node('doc', null, blocks);
}

/** A signature at the end, below its mark, and what is above it. */
function cutAtSignature(text: string): [above: string | undefined, below: string | undefined] {
  const lines = text.split('\n');
  const at = lines.lastIndexOf(SIGNATURE_MARK);
  const below = lines.slice(at + 1);
  if (at < 0 || below.length === 0 || below.some((line) => line.startsWith('>'))) return [text, undefined];
  return [at === 0 ? undefined : lines.slice(0, at).join('\n'), below.join('\n')];
}

/** Plain text that is pasted. */
export function sliceOfText(text: string): Slice {
  const lines = text.replace(/\r\n?/g, '\n').split('\n').map(paragraph);
  return new Slice(Fragment.from(lines), 1, 1);
}

export function blocksOfText(text: string): Node[] {
  const blocks: Node[] = [];
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  while (lines.length > 0) {
    const quoted = lines.findIndex((line) => !line.startsWith('>'));
    const count = quoted < 0 ? lines.length : quoted;
    if (count === 0) {
      blocks.push(paragraph(lines.shift() ?? ''));
    } else {
      const inside = lines.splice(0, count).map((line) => line.replace(/^> ?/, ''));
      blocks.push(schema.node('blockquote', null, blocksOfText(inside.join('\n'))));
    }
  }
  return blocks;
}

function paragraph(line: string): Node {
  return schema.node('paragraph', null, line === '' ? [] : [schema.text(line)]);
}

/** Says in elements what mail says in other ways, and takes away what has no place in the editor. */
function prepared({ root, contentIds }: Cleaned): HTMLElement {
  const body = root.querySelector('body') ?? root;
  for (const sheet of body.querySelectorAll('style, title')) sheet.remove();
  for (const image of body.querySelectorAll('img')) {
    const src = image.getAttribute('src') ?? '';
    if (!contentIds.has(src.replace(/^cid:/, ''))) image.replaceWith(namedInText(image));
  }
  for (const row of [...body.querySelectorAll('tr')].reverse()) layOut(row);
  for (const end of body.querySelectorAll('br:last-child')) if (end.nextSibling === null) end.remove();
  for (const line of body.querySelectorAll('p')) space(line);
  for (const element of body.querySelectorAll<HTMLElement>('[style]')) sayStyle(element);
  return body;
}

/** The name of a picture that does not stay, apart from the words around it; nothing for one without. */
function namedInText(image: HTMLImageElement): string {
  const alt = (image.getAttribute('alt') ?? '').trim();
  if (alt === '') return '';
  const isGlued = /\S$/.test(wordsBeside(image.previousSibling));
  const goesOn = /^\S/.test(wordsBeside(image.nextSibling));
  return `${isGlued ? ' ' : ''}[${alt}]${goesOn ? ' ' : ''}`;
}

/** What stands in the same line. */
function wordsBeside(node: ChildNode | null): string {
  const isBlock = /^(?:table|div|p|ul|ol|blockquote|pre|h[1-6])$/i.test(node?.nodeName ?? '');
  return isBlock ? '' : (node?.textContent ?? '');
}

/** Paragraphs of mail have space between them; lines of the editor have none. */
function space(line: HTMLElement): void {
  const next = line.nextElementSibling;
  if (!next || line.parentElement?.localName === 'li' || next.localName !== 'p') return;
  line.after(line.ownerDocument.createElement('div'));
}

/** A row of a table becomes a line, its cells one after the other. */
function layOut(row: HTMLElement): void {
  const line = row.ownerDocument.createElement('div');
  for (const cell of [...row.children]) line.append(...cell.childNodes, ' ');
  row.replaceWith(line);
}

const STYLES: [style: RegExp, tag: string][] = [
  [/font-weight:\s*(?:bold|[6-9]00)/i, 'strong'],
  [/font-style:\s*italic/i, 'em'],
  [/text-decoration(?:-line)?:[^;]*underline/i, 'u'],
  [/text-decoration(?:-line)?:[^;]*line-through/i, 's'],
];

function sayStyle(element: HTMLElement): void {
  const style = element.getAttribute('style') ?? '';
  element.removeAttribute('style');
  if (/^(?:b|strong)$/.test(element.localName) && /font-weight:\s*(?:normal|[1-4]00)/i.test(style)) {
    element.replaceWith(...element.childNodes);
    return;
  }
  if (!/^(?:span|font|a|td|th|label)$/.test(element.localName)) return;
  for (const [wanted, tag] of STYLES) {
    if (!wanted.test(style)) continue;
    const around = element.ownerDocument.createElement(tag);
    around.append(...element.childNodes);
    element.append(around);
  }
}
