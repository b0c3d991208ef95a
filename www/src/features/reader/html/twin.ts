/**
 * The height of a message is that of its frame, and nobody can look into that. So its nodes are copied, one by one, into a
 * hidden frame of the page's own origin that is as wide: elements that only lay out, their text and their styles. No address
 * and no string of HTML goes over. In that frame nothing runs either.
 */

import { LAYING_OUT } from './elements';

const KEPT = new Set(LAYING_OUT);
const ATTRIBUTES = [
  ...[
    'align',
    'border',
    'cellpadding',
    'cellspacing',
    'class',
    'colspan',
    'dir',
    'face',
    'height',
    'hspace',
    'id',
  ],
  ...[
    'lang',
    'nowrap',
    'rowspan',
    'size',
    'span',
    'start',
    'type',
    'valign',
    'value',
    'vspace',
    'width',
    'style',
    'alt',
  ],
];

/** Copies a message into the document of the measuring frame, in place of what was there. */
export function drawTwin(page: Document, body: HTMLElement, styles: string): void {
  const sheet = page.createElement('style');
  sheet.textContent = styles;
  page.head.replaceChildren(sheet);
  // As in the message's own frame.
  page.documentElement.dir = 'auto';
  copyAttributes(body, page.body);
  page.body.replaceChildren(...copies(page, body));
}

function copies(page: Document, from: Element): Node[] {
  return Array.from(from.childNodes).flatMap((node) => copy(page, node));
}

function copy(page: Document, node: Node): Node[] {
  if (node.nodeType === 3) return [page.createTextNode(node.nodeValue ?? '')];
  if (node.nodeType !== 1) return [];
  const element = node as Element;
  if (!KEPT.has(element.localName)) return copies(page, element);
  const twin = page.createElement(element.localName);
  copyAttributes(element, twin);
  const src = element.getAttribute('src');
  // What the message's own frame fetches: pictures that came with it, and others once they are asked for.
  if (element.localName === 'img' && src !== null && /^(?:data:image\/|https:)/i.test(src))
    twin.setAttribute('src', src);
  twin.append(...copies(page, element));
  return [twin];
}

function copyAttributes(from: Element, to: Element): void {
  for (const name of ATTRIBUTES) {
    const value = from.getAttribute(name);
    if (value !== null) to.setAttribute(name, value);
    else to.removeAttribute(name);
  }
}
