import { routeOf } from './routes';

function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

/** Marks a place in the history at which something covers the page. */
const COVER = 'cover';

/** What the page is opened with to write a message: kept behind `#`, where no server sees it. */
const MAIL_LINK = '#mailto:';

/** Where in the app the page is. Follows links and the browser's history without loading anything anew. */
export class Router {
  #path = $state(location.pathname);
  readonly route = $derived(routeOf(this.#path));
  /** Where the page was opened, until it is asked for. */
  #first: string | undefined = location.pathname;
  /** The link that the page was opened with to write a message, until it is asked for. */
  #mailLink = location.hash.startsWith(MAIL_LINK) ? location.hash.slice(1) : undefined;
  readonly #write: (mailLink: string) => void;
  /** Where the page was before it went to the present place. */
  #before: string | undefined;
  /** Closes what covers the page. */
  #uncover: (() => void) | undefined;
  /** Whether the present place in the history was made for something that covers the page, or did. */
  #isCover = history.state === COVER;

  /** `write` begins the message that a `mailto:` link asks for. */
  constructor(write: (mailLink: string) => void) {
    this.#write = write;
    // A reload begins no second message.
    if (this.#mailLink !== undefined) history.replaceState(history.state, '', location.pathname);
  }

  /** Listens until the returned function is called. */
  listen(): () => void {
    const popped = () => this.#popped();
    const clicked = (event: MouseEvent) => this.#follow(event);
    window.addEventListener('popstate', popped);
    document.addEventListener('click', clicked);
    return () => {
      window.removeEventListener('popstate', popped);
      document.removeEventListener('click', clicked);
    };
  }

  go(path: string): void {
    const before = location.pathname;
    if (path === before) return;
    if (this.#isCover) this.replace(path);
    else history.pushState(null, '', path);
    this.#path = path;
    this.#before = before;
    // What still covers the page covers this one.
    if (this.#uncover) this.cover(this.#uncover);
  }

  /** Where the page was opened, once: who has to log in first is led there. */
  takeFirst(): string | undefined {
    const first = this.#first;
    this.#first = undefined;
    return first !== undefined && ['mail', 'settings'].includes(routeOf(first).name) ? first : undefined;
  }

  /** Begins the message that the page was opened for, once. */
  writeFirst(): void {
    if (this.#mailLink !== undefined) this.#write(this.#mailLink);
    this.#mailLink = undefined;
  }

  /** Goes there without leaving the present place in the history. Back does not stop at one place twice. */
  replace(path: string): void {
    this.#isCover = path === this.#before;
    history.replaceState(this.#isCover ? COVER : null, '', path);
    this.#path = path;
  }

  /**
   * Something covers the page: it has a place of its own in the history, so that the browser's Back closes it with
   * `uncover`. Until the returned function is called.
   */
  cover(uncover: () => void): () => void {
    if (!this.#isCover) {
      history.pushState(COVER, '', location.pathname);
      this.#before = location.pathname;
    }
    this.#isCover = true;
    this.#uncover = uncover;
    return () => (this.#uncover = undefined);
  }

  #popped(): void {
    const wasCover = this.#isCover;
    this.#before = undefined;
    this.#isCover = history.state === COVER;
    const isElsewhere = location.pathname !== this.#path;
    this.#path = location.pathname;
    if (this.#uncover) this.#uncover();
    // What covered the page is closed by now, and its place is none that anyone wants back.
    else if ((wasCover || this.#isCover) && !isElsewhere) history.back();
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || !isPlainClick(event)) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link?.protocol === 'mailto:') {
      event.preventDefault();
      return this.#write(link.href);
    }
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    this.go(link.pathname);
  }
}
