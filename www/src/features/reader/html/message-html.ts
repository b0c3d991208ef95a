import { cleanSheet, cleanStyleAttribute, type StyleAddress } from './css';
import { followedAt, linkTarget, mismatch, targetText, type Mismatch } from './links';
import { foldableQuote } from './quote';
import type { Clean } from './trusted';

/** What is wanted of a part of a message. */
export interface Wanted {
  /** Pictures that came with the message, as `data:` addresses, by Content-ID. */
  pictures: ReadonlyMap<string, string>;
  /** Whether what it refers to elsewhere is fetched. */
  remote: boolean;
  /** Whether the quoted text at its end is shown. */
  quote: boolean;
}

/** A part of a message, fit for a frame. */
export interface MessageHtml {
  /** The body, in a document that is never shown. */
  body: HTMLElement;
  /** Its styles, cleaned. */
  styles: string;
  /** Whether it sets colours of its own: then it is shown on paper, not on the theme. */
  hasColours: boolean;
  /** Hosts that it would fetch something from. */
  remoteHosts: string[];
  /** Content-IDs of the pictures that it shows. */
  contentIds: string[];
  /** Links that say one address and lead to another. */
  mismatches: Mismatch[];
  /** Whether it ends in quoted text. */
  hasQuote: boolean;
}

/** Most different hosts named. */
const MAX_HOSTS = 20;
const INLINE_PICTURE = /^data:image\/(?:png|gif|jpe?g|webp|bmp|avif);base64,[a-z0-9+/=\s]*$/i;

/** Makes a stranger's HTML fit for a frame: cleaned, with nothing to fetch but what is wanted. */
export function messageHtml(html: string, wanted: Wanted, clean: Clean): MessageHtml {
  const root = clean(html);
  const body = root.querySelector('body') ?? root;
  return new Preparation(root, body, wanted).result();
}

/** One pass over the nodes. */
class Preparation {
  readonly #wanted: Wanted;
  readonly #root: HTMLElement;
  readonly #body: HTMLElement;
  readonly #hosts = new Set<string>();
  readonly #contentIds = new Set<string>();
  readonly #mismatches: Mismatch[] = [];
  /** Style attributes, cleaned: mail repeats the same ones over and over. */
  readonly #cleaned = new Map<string, string>();
  #hasColours = false;

  constructor(root: HTMLElement, body: HTMLElement, wanted: Wanted) {
    this.#root = root;
    this.#body = body;
    this.#wanted = wanted;
  }

  result(): MessageHtml {
    const styles = this.#takeStyles();
    for (const element of [this.#body, ...this.#body.querySelectorAll<HTMLElement>('*')])
      this.#element(element);
    const quote = foldableQuote(this.#body);
    if (quote && !this.#wanted.quote) quote.forEach((node) => node.remove());
    return {
      body: this.#body,
      styles,
      hasColours: this.#hasColours || /(?:^|[\s;{-])(?:background|color)[a-z-]*:/i.test(styles),
      remoteHosts: [...this.#hosts].slice(0, MAX_HOSTS),
      contentIds: [...this.#contentIds],
      mismatches: this.#mismatches,
      hasQuote: quote !== undefined,
    };
  }

  /** Style sheets leave their places and become one. */
  #takeStyles(): string {
    const sheets = [...this.#root.querySelectorAll('style')];
    const texts = sheets.map((sheet) => cleanSheet(sheet.textContent, this.#styleAddress));
    sheets.forEach((sheet) => sheet.remove());
    return texts.filter((text) => text !== '').join('\n');
  }

  #element(element: HTMLElement): void {
    const style = element.getAttribute('style');
    if (style !== null) this.#style(element, style);
    const background = element.getAttribute('background');
    if (background !== null) this.#background(element, background);
    if (element.hasAttribute('bgcolor') || element.hasAttribute('text')) this.#hasColours = true;
    if (element.localName === 'font' && element.hasAttribute('color')) this.#hasColours = true;
    if (element.localName === 'img') this.#picture(element);
    else element.removeAttribute('src');
    if (element.localName === 'a') this.#link(element);
    else element.removeAttribute('href');
  }

  #style(element: HTMLElement, style: string): void {
    const cleaned = this.#cleaned.get(style) ?? cleanStyleAttribute(style, this.#styleAddress);
    this.#cleaned.set(style, cleaned);
    if (/(?:^|[\s;])(?:background|color)[a-z-]*:/i.test(cleaned)) this.#hasColours = true;
    if (cleaned === '') element.removeAttribute('style');
    else element.setAttribute('style', cleaned);
  }

  /** An old attribute for pictures behind a table. */
  #background(element: HTMLElement, address: string): void {
    element.removeAttribute('background');
    const shown = this.#styleAddress(address);
    if (shown === undefined || /["\\]/.test(shown)) return;
    this.#hasColours = true;
    const style = element.getAttribute('style') ?? '';
    element.setAttribute('style', `${style} background-image: url("${shown}");`);
  }

  #picture(element: HTMLElement): void {
    const src = element.getAttribute('src')?.trim() ?? '';
    const shown = this.#address(src);
    if (shown === undefined) element.removeAttribute('src');
    else element.setAttribute('src', shown);
    if (!element.hasAttribute('alt')) element.setAttribute('alt', '');
  }

  #link(element: HTMLElement): void {
    const href = element.getAttribute('href');
    element.removeAttribute('href');
    element.removeAttribute('title');
    const url = href === null ? undefined : linkTarget(href);
    if (!url) return;
    element.setAttribute('href', followedAt(url));
    element.setAttribute('target', '_blank');
    element.setAttribute('rel', 'noopener noreferrer');
    element.setAttribute('data-leads-to', targetText(url));
    const found = mismatch(element.textContent, url);
    if (!found) return;
    this.#mismatches.push(found);
    element.after(this.#mark(found));
  }

  /** A mark beside a link that leads elsewhere than it says. */
  #mark({ leadsTo }: Mismatch): HTMLElement {
    const mark = this.#body.ownerDocument.createElement('b');
    mark.setAttribute('style', MARK_STYLE);
    mark.textContent = ` ⚠ ${leadsTo} `;
    return mark;
  }

  readonly #styleAddress: StyleAddress = (address) => this.#address(address);

  /** The address to show a picture from; nothing for one that stays away. */
  #address(address: string): string | undefined {
    if (INLINE_PICTURE.test(address)) return address;
    if (/^cid:/i.test(address)) {
      const id = decoded(address.slice(4));
      this.#contentIds.add(id);
      return this.#wanted.pictures.get(id);
    }
    const url = URL.parse(address.startsWith('//') ? `https:${address}` : address);
    if (!url || !/^https?:$/.test(url.protocol)) return undefined;
    this.#hosts.add(url.host);
    url.protocol = 'https:';
    return this.#wanted.remote ? url.href : undefined;
  }
}

/** Stronger than any style of the message's. */
const MARK_STYLE = [
  ['display', 'inline'],
  ['visibility', 'visible'],
  ['color', '#8a1f11'],
  ['background', '#fff1c2'],
  ['font', '600 13px system-ui, sans-serif'],
  ['opacity', '1'],
]
  .map(([property, value]) => `${property}: ${value} !important;`)
  .join(' ');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
