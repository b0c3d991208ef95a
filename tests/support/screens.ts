/** The screens people have, and how the pages on them may look. */
import { expect } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import type { ChromiumTab } from './ui/chromium.ts';

/** As browser options: wide, narrow enough for one pane at a time, and a phone. */
export const SIZES = {
  desktop: { viewport: { width: 1440, height: 900 } },
  tablet: { viewport: { width: 768, height: 1024 }, hasTouch: true },
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true },
} as const;

const THEMES = ['light', 'dark'] as const;

/** The longest words are German, and Arabic is read from the right to the left. */
const LANGUAGES = ['en', 'de', 'ar'] as const;
type Language = (typeof LANGUAGES)[number];

/** Shows the open page in another language, with everything that is open on it. What the person chose is not changed. */
export async function speak({ page }: ChromiumTab, language: Language): Promise<void> {
  await page.evaluate((newValue) => {
    // What another tab of this browser would say.
    window.dispatchEvent(new StorageEvent('storage', { key: 's-mail-language', newValue }));
  }, language);
  await page.waitForFunction((spoken) => document.documentElement.lang === spoken, language);
}

/** Fails with what axe finds in either theme, and where the page is wider than its window in some language. */
export async function expectInOrder(tab: ChromiumTab, screen: string): Promise<void> {
  for (const colorScheme of THEMES) {
    await tab.page.emulateMedia({ colorScheme });
    await expectAccessible(tab, `${screen}, ${colorScheme}`);
  }
  for (const language of LANGUAGES.toReversed()) {
    await speak(tab, language);
    const overflow = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${screen} is wider than the window, ${language}`).toBeLessThanOrEqual(0);
  }
}
