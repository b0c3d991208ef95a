import { routeOf } from './routes';

function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

/** Where in the app the page is. Follows links and the browser's history without loading anything anew. */
export class Router {
  #path = $state(location.pathname);
  readonly route = $derived(routeOf(this.#path));

  /** Listens until the returned function is called. */
  listen(): () => void {
    const popped = () => {
      this.#path = location.pathname;
    };
    const clicked = (event: MouseEvent) => this.#follow(event);
    window.addEventListener('popstate', popped);
    document.addEventListener('click', clicked);
    return () => {
      window.removeEventListener('popstate', popped);
      document.removeEventListener('click', clicked);
    };
  }

  go(path: string): void {
    if (path === location.pathname) return;
    history.pushState(null, '', path);
    this.#path = path;
  }

  /** Goes there without leaving the present place in the history. */
  replace(path: string): void {
    history.replaceState(null, '', path);
    this.#path = path;
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || !isPlainClick(event)) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    this.go(link.pathname);
  }
}
