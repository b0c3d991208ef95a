/** Pictures of every screen, in each size, theme and direction, into `SCREENSHOTS` or target/screenshots. */
import { join } from 'node:path';
import { inTarget } from '../support/programs.ts';
import { Faults } from '../support/faults.ts';
import { SIZES, speak } from '../support/screens.ts';
import { Site } from '../support/site.ts';
import { test } from '../support/test.ts';
import { SCREENS, tour } from '../support/tour.ts';
import { words } from '../support/ui/target.ts';
import { ChromiumBrowser } from '../support/ui/chromium.ts';
import { SharedAccounts, World } from '../support/world.ts';

const folder = process.env['SCREENSHOTS'] ?? inTarget('screenshots');

const LOOKS = [
  { look: 'light', colorScheme: 'light', language: 'en' },
  { look: 'dark', colorScheme: 'dark', language: 'en' },
  { look: 'german', colorScheme: 'light', language: 'de' },
  { look: 'arabic', colorScheme: 'light', language: 'ar' },
] as const;

for (const [size, options] of Object.entries(SIZES)) {
  test(`screenshots: ${size}`, async ({ device }) => {
    if (!(device instanceof ChromiumBrowser)) throw new Error('this is for Chromium');
    const site = await Site.start();
    const here = new World(site, device.with(options), new Faults(), new SharedAccounts());
    try {
      await tour(here, async (screen, tab) => {
        await tab.seeNo(words(/^(New mail from .+|\d+ new messages)$/));
        for (const { look, colorScheme, language } of LOOKS) {
          await tab.page.emulateMedia({ colorScheme });
          await speak(tab, language);
          const number = String(SCREENS.indexOf(screen)).padStart(2, '0');
          await tab.page.screenshot({
            path: join(folder, size, `${number}-${screen}-${look}.png`),
            animations: 'disabled',
          });
        }
        await speak(tab, 'en');
      });
    } finally {
      await here.close();
      await site.close();
    }
  });
}
