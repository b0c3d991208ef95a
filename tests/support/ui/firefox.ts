/** Firefox ESR through puppeteer's WebDriver BiDi, with Testing Library finding elements by role and label. */
import puppeteer, {
  type Browser as Firefox,
  type BrowserContext,
  type ElementHandle,
  type JSHandle,
  type KeyInput,
  type Page,
} from 'puppeteer-core';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programs } from '../programs.ts';
import { describe, type Target } from './target.ts';
import { find, type Probe } from './firefox-find.ts';
import { until } from './until.ts';
import type { Browser, SavedFile, Ui } from './ui.ts';

const library = readFileSync(
  createRequire(import.meta.url).resolve('@testing-library/dom/dist/@testing-library/dom.umd.min.js'),
  'utf8',
);

/** What Firefox says of files of a page that is left while they are still on their way, as people leave pages too. */
const CUT_SHORT = /^Failed to load ‘.*’\. A ServiceWorker intercepted the request/;

/** What an answer is when the page goes away before it is given. */
const GONE = /navigat|destroyed|no such frame|discarded|unloaded|realm|detached|no such handle/i;

/** A tab of Firefox, where files are chosen by their paths. */
export class FirefoxTab implements Ui {
  /** The test is going elsewhere: the page shown until now is being left. */
  private isLeaving = false;

  constructor(
    private readonly page: Page,
    private readonly origin: string,
    private readonly downloads: string,
    private readonly onFault: (fault: string) => void,
  ) {}

  static async open(
    context: BrowserContext,
    ...about: [string, string, (fault: string) => void]
  ): Promise<Ui> {
    const page = await context.newPage();
    const onFault = about[2];
    const tab = new FirefoxTab(page, ...about);
    await page.setViewport({ width: 1280, height: 800 });
    page.on('console', (message) => {
      if (message.type() === 'error') onFault(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('dialog', (dialog) => {
      if (dialog.type() === 'beforeunload') return void dialog.accept();
      onFault(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('pageerror', (error) => {
      const text = error instanceof Error ? error.message : String(error);
      if (!(tab.isLeaving && CUT_SHORT.test(text))) onFault(`uncaught: ${text}`);
    });
    return tab;
  }

  async open(path: string): Promise<void> {
    await this.leave(() => this.page.goto(new URL(path, this.origin).href));
  }

  async reload(): Promise<void> {
    await this.leave(() => this.page.reload());
  }

  async goBack(): Promise<void> {
    await this.leave(() => this.page.goBack());
  }

  private async leave(goElsewhere: () => Promise<unknown>): Promise<void> {
    this.isLeaving = true;
    try {
      await goElsewhere();
    } finally {
      this.isLeaving = false;
    }
  }

  path(): string {
    return new URL(this.page.url()).pathname;
  }

  async at(path: string | RegExp): Promise<void> {
    const fits = () => (typeof path === 'string' ? this.path() === path : path.test(this.path()));
    await until(
      async () => (await this.settled(fits)) ?? false,
      () => `the path is ${this.path()}, not ${path}`,
    );
  }

  async click(target: Target): Promise<void> {
    // In a tab in the background nothing scrolls into view, and buttons do not answer to keys.
    await this.page.bringToFront();
    await until(
      async () => clicked(await this.element(target)),
      () => `${describe(target)} goes away each time before it can be clicked`,
    );
  }

  async fill(target: Target, text: string): Promise<void> {
    const element = await this.element(target);
    // As typing does, with all its events, but at once: one key at a time takes seconds over BiDi.
    await element.evaluate((input, value) => {
      if (input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement) {
        input.focus();
        input.select();
      } else if (input instanceof HTMLElement && input.isContentEditable) {
        input.focus();
        getSelection()?.selectAllChildren(input);
      } else {
        throw new Error('no text field');
      }
      document.execCommand('delete');
      // In a text that can be formatted, each line is one of its own.
      const lines = (input as HTMLElement).isContentEditable ? value.split('\n') : [value];
      lines.forEach((line, at) => {
        if (at > 0) document.execCommand('insertParagraph');
        if (line !== '') document.execCommand('insertText', false, line);
      });
    }, text);
  }

  async select(target: Target, option: string): Promise<void> {
    const element = await this.element(target);
    // A list that drops down is drawn by the browser, out of a test's reach: what choosing from it does to the page.
    await element.evaluate((list, wanted) => {
      if (!(list instanceof HTMLSelectElement)) throw new Error('no list that drops down');
      const at = [...list.options].findIndex(({ label }) => label === wanted);
      if (at < 0) throw new Error(`there is no option ${wanted}`);
      list.selectedIndex = at;
      for (const type of ['input', 'change']) list.dispatchEvent(new Event(type, { bubbles: true }));
    }, option);
  }

  async press(key: string): Promise<void> {
    await this.page.bringToFront();
    const keys = key.split('+') as KeyInput[];
    const last = keys.pop();
    for (const held of keys) await this.page.keyboard.down(held);
    if (last) await this.page.keyboard.press(last);
    for (const held of keys.reverse()) await this.page.keyboard.up(held);
  }

  async type(text: string): Promise<void> {
    await this.page.bringToFront();
    await this.page.keyboard.type(text);
  }

  async see(target: Target): Promise<void> {
    await this.until(target, 'is not there', (probe) => probe.visible > 0);
  }

  async seeNo(target: Target): Promise<void> {
    await this.until(target, 'is still there', (probe) => probe.visible === 0);
  }

  async seeText(target: Target, text: string | RegExp): Promise<void> {
    const fits = (shown: string) => (typeof text === 'string' ? shown.includes(text) : text.test(shown));
    await this.until(target, `does not say ${text}`, (probe) => probe.texts.some(fits));
  }

  async seeDescription(target: Target, text: string | RegExp): Promise<void> {
    const fits = (shown: string) => (typeof text === 'string' ? shown.includes(text) : text.test(shown));
    await this.until(target, `is not described by ${text}`, (probe) => probe.descriptions.some(fits));
  }

  async seeValue(target: Target, value: string): Promise<void> {
    await this.until(target, `does not hold ${value}`, (probe) => probe.values[0] === value);
  }

  async seeFocused(target: Target): Promise<void> {
    await this.until(target, 'has no focus', (probe) => probe.focused);
  }

  async hasFocus(target: Target): Promise<boolean> {
    return (await this.probe(target))?.focused ?? false;
  }

  async seeCount(target: Target, count: number): Promise<void> {
    await this.until(target, `is not there ${count} times`, (probe) => probe.texts.length === count);
  }

  async textOf(target: Target): Promise<string> {
    await this.see(target);
    return (await this.probe(target))?.texts[0] ?? '';
  }

  /** Chooses files for the input with this label. */
  async chooseFiles(label: string, paths: string[]): Promise<void> {
    const input = await this.page.waitForSelector(`input[type=file][aria-label="${label}"]`);
    await (input as ElementHandle<HTMLInputElement> | null)?.uploadFile(...paths);
  }

  async savedBy(action: () => Promise<void>): Promise<SavedFile> {
    const before = await readdir(this.downloads);
    await action();
    // While it saves, Firefox has other files there too: one with a name of its own that is gone at once, an empty one
    // in the place of the file, and one that ends in `.part`.
    const isNew = (name: string) => !before.includes(name) && !name.endsWith('.part');
    let seen: string[] = [];
    let saved: SavedFile | undefined;
    await until(
      async () => {
        seen = (await readdir(this.downloads)).filter(isNew);
        const files = await Promise.all(seen.map((name) => savedFile(this.downloads, name)));
        saved = files.find(({ text }) => text !== '');
        return saved !== undefined;
      },
      () => (seen.length === 0 ? 'no file was saved' : `what was saved is empty: ${seen.join(', ')}`),
    );
    return saved ?? { name: '', text: '' };
  }

  async evaluate<Value>(work: () => Value | Promise<Value>): Promise<Value> {
    return (await this.page.evaluate(work)) as Value;
  }

  workers(): number {
    return this.page.workers().length;
  }

  async sibling(): Promise<Ui> {
    return FirefoxTab.open(this.page.browserContext(), this.origin, this.downloads, this.onFault);
  }

  async close(): Promise<void> {
    await this.page.browserContext().close();
  }

  /** Gives what `ask` gives, and nothing when the page went away while it was asked. */
  private async settled<Value>(ask: () => Value | Promise<Value>): Promise<Value | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (GONE.test(String(error))) return undefined;
      throw error;
    }
  }

  private async withLibrary(): Promise<void> {
    if (await this.page.evaluate(() => 'TestingLibraryDom' in window)) return;
    await this.page.evaluate(`(() => { ${library} })()`);
  }

  private async probe(target: Target): Promise<Probe | undefined> {
    return this.settled(async () => {
      await this.withLibrary();
      const found = await this.page.evaluateHandle(find, portable(target));
      const probe = await found.evaluate(({ probe }) => probe);
      await found.dispose();
      return probe;
    });
  }

  private async until(target: Target, fault: string, fits: (probe: Probe) => boolean): Promise<void> {
    let last: Probe | undefined;
    const isSo = async () => {
      last = await this.probe(target);
      return last !== undefined && fits(last);
    };
    try {
      await until(isSo, () => `${describe(target)} ${fault}; seen: ${JSON.stringify(last)}`);
    } catch (error) {
      const shown = await this.settled(() => this.page.evaluate(() => document.body.innerText));
      const fault = error instanceof Error ? error.message : String(error);
      throw new Error(`${fault}\nThe page at ${this.path()} shows:\n${shown}`, { cause: error });
    }
  }

  /** The one element that fits and can be used, once it is there and has stopped moving. */
  private async element(target: Target): Promise<ElementHandle<Element>> {
    let box: string | undefined;
    await this.until(target, 'is not there once, visible, enabled and at rest', (probe) => {
      const isAtRest = probe.box === box;
      box = probe.box;
      return probe.visible === 1 && probe.enabled && isAtRest;
    });
    const found = await this.page.evaluateHandle(find, portable(target));
    const element = (await found.evaluateHandle(({ first }) => first)).asElement();
    if (!element) throw new Error(`${describe(target)} went away`);
    return element as ElementHandle<Element>;
  }
}

/** A file of this folder; without a text while it is not there. */
async function savedFile(folder: string, name: string): Promise<SavedFile> {
  return { name, text: await readFile(join(folder, name), 'utf8').catch(() => '') };
}

/** Clicks, unless the page has drawn another in the element's place since it was found. */
async function clicked(element: ElementHandle<Element>): Promise<boolean> {
  const guard = await element.evaluateHandle(guardPress);
  try {
    await element.click();
  } catch (error) {
    await ended(guard);
    if (/detached from document|not clickable/i.test(String(error))) return false;
    throw error;
  }
  // A press that leads to another page has hit what it was meant for.
  const fell = (await ended(guard)) ?? 'on it';
  if (fell === 'nowhere') throw new Error('a press came nowhere');
  return fell === 'on it';
}

/** Where the press fell; nothing when the page went away with it. */
async function ended(guard: JSHandle<Guard>): Promise<Fall | undefined> {
  try {
    return await guard.evaluate((guard) => guard.end());
  } catch (error) {
    if (GONE.test(String(error))) return undefined;
    throw error;
  } finally {
    await guard.dispose();
  }
}

type Fall = 'nowhere' | 'on it' | 'beside it';

interface Guard {
  end(): Fall;
}

/**
 * Runs in the page: keeps a press from whatever else has come to where the element was, as happens when the list moves
 * just then. It is judged by where the pointer goes down.
 */
function guardPress(element: Element): Guard {
  const types = ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'];
  let fall: Fall = 'nowhere';
  const look = (event: Event) => {
    const at = event.target;
    if (event.type === 'pointerdown' && at instanceof Element) {
      const isLabel = at.closest('label')?.control === element;
      fall = element.contains(at) || at.contains(element) || isLabel ? 'on it' : 'beside it';
    }
    if (fall !== 'beside it') return;
    event.stopImmediatePropagation();
    event.preventDefault();
  };
  for (const type of types) window.addEventListener(type, look, { capture: true });
  const end = () => {
    for (const type of types) window.removeEventListener(type, look, { capture: true });
    return fall;
  };
  return { end };
}

/** Targets as they can be sent into the page: patterns become text. */
function portable(target: Target): string {
  return JSON.stringify(target, (_, value: unknown) =>
    value instanceof RegExp ? { source: value.source, flags: value.flags } : value,
  );
}

export class FirefoxBrowser implements Browser {
  private constructor(
    private readonly firefox: Firefox,
    private readonly downloads: string,
  ) {}

  static async launch(): Promise<FirefoxBrowser> {
    const downloads = await mkdtemp(join(tmpdir(), 'smail-downloads-'));
    const firefox = await puppeteer.launch({
      browser: 'firefox',
      executablePath: programs.firefox(),
      headless: true,
      extraPrefsFirefox: {
        'browser.download.folderList': 2,
        'browser.download.dir': downloads,
        'browser.download.useDownloadDir': true,
        'browser.download.always_ask_before_handling_new_types': false,
        // The panel takes the focus, and with it keys that were meant for the page.
        'browser.download.alwaysOpenPanel': false,
        'signon.rememberSignons': false,
        'ui.prefersReducedMotion': 1,
      },
    });
    return new FirefoxBrowser(firefox, downloads);
  }

  async tab(origin: string, onFault: (fault: string) => void): Promise<Ui> {
    const context = await this.firefox.createBrowserContext();
    return FirefoxTab.open(context, origin, this.downloads, onFault);
  }

  async close(): Promise<void> {
    await this.firefox.close();
    await rm(this.downloads, { recursive: true, force: true });
  }
}
