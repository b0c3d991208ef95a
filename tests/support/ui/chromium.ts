/** Chromium through Playwright. */
import {
  chromium,
  expect,
  type Browser as Chromium,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { programs } from '../programs.ts';
import { pasteText, valueOf } from './rich-text.ts';
import type { Target } from './target.ts';
import type { Browser, SavedFile, Ui } from './ui.ts';

export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A tab that also lends its Playwright page, for what only Chromium's tests look at. */
export class ChromiumTab implements Ui {
  constructor(readonly page: Page) {}

  async open(path: string): Promise<void> {
    await this.page.goto(path);
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  async goBack(): Promise<void> {
    await this.page.goBack();
  }

  path(): string {
    return new URL(this.page.url()).pathname;
  }

  async at(path: string | RegExp): Promise<void> {
    await expect.poll(() => this.path(), { message: 'path of the page' }).toMatch(whole(path));
  }

  async click(target: Target): Promise<void> {
    await this.find(target).click();
  }

  async fill(target: Target, text: string): Promise<void> {
    const found = this.find(target);
    // A text that can be formatted reads what is pasted line by line.
    if (text.includes('\n') && (await found.evaluate((field) => (field as HTMLElement).isContentEditable))) {
      await found.fill('');
      await found.evaluate(pasteText, text);
    } else {
      await found.fill(text);
    }
  }

  async select(target: Target, option: string): Promise<void> {
    await this.find(target).selectOption({ label: option });
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async see(target: Target): Promise<void> {
    await expect(this.find(target).first()).toBeVisible();
  }

  async seeNo(target: Target): Promise<void> {
    await expect(this.find(target).filter({ visible: true })).toHaveCount(0);
  }

  async seeText(target: Target, text: string | RegExp): Promise<void> {
    await expect(this.find(target).filter({ hasText: text }).first()).toBeVisible();
  }

  async seeDescription(target: Target, text: string | RegExp): Promise<void> {
    const pattern = typeof text === 'string' ? new RegExp(escaped(text)) : text;
    await expect(this.find(target)).toHaveAccessibleDescription(pattern);
  }

  async seeValue(target: Target, value: string): Promise<void> {
    await expect.poll(() => this.find(target).evaluate(valueOf), { message: 'value' }).toBe(value);
  }

  async seeFocused(target: Target): Promise<void> {
    await expect(this.find(target)).toBeFocused();
  }

  async hasFocus(target: Target): Promise<boolean> {
    return this.find(target)
      .first()
      .evaluate((element) => element === document.activeElement);
  }

  async seeCount(target: Target, count: number): Promise<void> {
    await expect(this.find(target)).toHaveCount(count);
  }

  async textOf(target: Target): Promise<string> {
    return this.find(target).innerText();
  }

  async savedBy(action: () => Promise<void>): Promise<SavedFile> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), action()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
  }

  async evaluate<Value>(work: () => Value | Promise<Value>): Promise<Value> {
    return this.page.evaluate(work);
  }

  workers(): number {
    return this.page.workers().length;
  }

  async sibling(): Promise<Ui> {
    return new ChromiumTab(await this.page.context().newPage());
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  private find(target: Target): Locator {
    const scope = target.within ? this.find(target.within) : this.page;
    if ('label' in target) return scope.getByLabel(target.label, { exact: true });
    if ('text' in target) return scope.getByText(target.text, { exact: true });
    const found = scope.getByRole(
      target.role,
      target.name === undefined ? {} : { name: target.name, exact: true },
    );
    return target.first ? found.first() : found;
  }
}

export class ChromiumBrowser implements Browser {
  private constructor(
    private readonly chromium: Chromium,
    private readonly options: BrowserContextOptions,
  ) {}

  static async launch(): Promise<ChromiumBrowser> {
    return new ChromiumBrowser(
      await chromium.launch({ executablePath: programs.chromium(), args: CHROMIUM_FLAGS }),
      {},
    );
  }

  /** The same browser on another screen: its tabs have these options. */
  with(options: BrowserContextOptions): ChromiumBrowser {
    return new ChromiumBrowser(this.chromium, options);
  }

  async tab(origin: string, onFault: (fault: string) => void): Promise<ChromiumTab> {
    const context = await this.chromium.newContext({
      baseURL: origin,
      reducedMotion: 'reduce',
      ...this.options,
    });
    context.on('console', (message) => {
      if (message.type() === 'error') onFault(`console: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => onFault(`uncaught: ${error.error().stack ?? error.error().message}`));
    context.on('dialog', (dialog) => {
      if (dialog.type() === 'beforeunload') return void dialog.accept();
      onFault(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return new ChromiumTab(await context.newPage());
  }

  async close(): Promise<void> {
    await this.chromium.close();
  }
}

function whole(path: string | RegExp): RegExp {
  return typeof path === 'string' ? new RegExp(`^${escaped(path)}$`) : path;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
