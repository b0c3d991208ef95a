/** What is measured inside the page. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';

/** What a stopwatch waits for: so many elements, or a text. */
export interface Awaited {
  selector?: string;
  text?: string;
  count: number;
  /** Whatever is there already does not count. */
  changed?: boolean;
}

/** So many rows of the list. */
export function drawn(count: number): Awaited {
  return { selector: 'ul[aria-label="Messages"] a[data-row]', count };
}

/** Starts with the next click or key, stops in the frame after what is awaited is there; answers milliseconds. */
export async function stopwatch(
  page: Page,
  awaited: Awaited,
  begin: 'click' | 'keydown' = 'click',
): Promise<() => Promise<number>> {
  await page.evaluate(
    ({ selector, text, count, changed, begin }) => {
      let clickMs = 0;
      const found = () => (selector ? [...document.querySelectorAll(selector)] : []);
      const before = new Set(changed ? found() : []);
      const isThere = () =>
        text === undefined
          ? found().filter((element) => !before.has(element)).length >= count
          : document.body.textContent.includes(text);
      const took = new Promise<number>((resolve) => {
        document.addEventListener(begin, () => (clickMs ||= performance.now()), {
          capture: true,
          once: true,
        });
        const look = () => {
          if (clickMs === 0 || !isThere()) return;
          observer.disconnect();
          requestAnimationFrame(() => resolve(performance.now() - clickMs));
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
      });
      Object.assign(window, { took });
    },
    { ...awaited, begin },
  );
  return () => page.evaluate(() => (window as unknown as { took: Promise<number> }).took);
}

export interface Scrolled {
  rows: number;
  longestMs: number;
  over50: number;
}

/** Scrolls from the top of the list to its end in steps of four screens a frame, then back in leaps. */
export async function scrollThrough(page: Page): Promise<Scrolled> {
  return page.evaluate(async () => {
    const list = document.querySelector('ul[aria-label="Messages"]');
    const scroller = list?.parentElement;
    if (!list || !scroller) throw new Error('there is no list');
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const frames: number[] = [];
    let last = await frame();
    const to = async (top: number) => {
      scroller.scrollTop = top;
      const now = await frame();
      frames.push(now - last);
      last = now;
    };
    const end = scroller.scrollHeight;
    for (let top = 0; top < end; top += Math.max(4 * scroller.clientHeight, end / 1_200)) await to(top);
    for (const place of [0.9, 0.1, 0.7, 0.3, 0.5, 0]) {
      await to(place * end);
      for (let rest = 0; rest < 20; rest += 1) await to(scroller.scrollTop);
    }
    return {
      rows: Number(list.querySelector('li')?.getAttribute('aria-setsize')),
      longestMs: Math.max(...frames),
      over50: frames.filter((ms) => ms > 50).length,
    };
  });
}

/** Memory of the page. The browser chooses the moment, within some twenty seconds. */
export async function memoryMb(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { measureUserAgentSpecificMemory: measure } = performance as unknown as {
      measureUserAgentSpecificMemory(): Promise<{ bytes: number }>;
    };
    return (await measure.call(performance)).bytes / 1_000_000;
  });
}

/** What the largest process of the browser's pages holds for itself: page, worker, WebAssembly, and the browser's own part. */
export async function rendererMb(page: Page): Promise<number> {
  const browser = page.context().browser();
  if (!browser) throw new Error('there is no browser');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  const held = await Promise.all(pages.map(async ({ id }) => anonymousMb(id)));
  return Math.max(...held);
}

/** Memory of a process that no file stands behind (`RssAnon` of Linux). */
async function anonymousMb(id: number): Promise<number> {
  const status = await readFile(`/proc/${id}/status`, 'utf8');
  return (Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024) / 1_000_000;
}
