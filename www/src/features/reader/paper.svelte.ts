import { WHITE_PAPER, type Paper } from './html/frame-document';

/** The page's own colours as they are now, for messages without any. Follows the theme and the system. */
export class ThemePaper {
  current = $state<Paper>(WHITE_PAPER);

  /** Reads the colours of this element until the returned function is called. */
  follow(element: HTMLElement): () => void {
    const read = () => (this.current = paperOf(getComputedStyle(element)));
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    const chosen = new MutationObserver(read);
    system.addEventListener('change', read);
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    read();
    return () => {
      system.removeEventListener('change', read);
      chosen.disconnect();
    };
  }
}

function paperOf({ color, backgroundColor, caretColor }: CSSStyleDeclaration): Paper {
  return { dark: isDark(backgroundColor), text: color, background: backgroundColor, link: caretColor };
}

/** Whether a colour as the browser computes it (`rgb(20, 26, 24)`) is nearer to black. */
function isDark(colour: string): boolean {
  const [red = 255, green = 255, blue = 255] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
