/** Pictures of the main screens in both themes and sizes, into `SCREENSHOTS` or target/screenshots. */
import { join } from 'node:path';
import { inTarget } from '../support/programs.ts';
import { Faults } from '../support/faults.ts';
import { LOOKS } from '../support/screens.ts';
import { Site } from '../support/site.ts';
import { test } from '../support/test.ts';
import { tour, type Screen } from '../support/tour.ts';
import { words } from '../support/ui/target.ts';
import { ChromiumBrowser } from '../support/ui/chromium.ts';
import { SharedAccounts, World } from '../support/world.ts';

const folder = process.env['SCREENSHOTS'] ?? inTarget('screenshots');
const WANTED: Screen[] = ['sign-up', 'log-in', 'inbox', 'reader', 'compose', 'settings'];

for (const { name, options } of LOOKS) {
  test(`screenshots: ${name}`, async ({ device }) => {
    if (!(device instanceof ChromiumBrowser)) throw new Error('this is for Chromium');
    const site = await Site.start();
    const here = new World(site, device.with(options), new Faults(), new SharedAccounts());
    try {
      await tour(here, async (screen, tab) => {
        if (!WANTED.includes(screen)) return;
        await tab.seeNo(words(/new mail|new messages/i));
        await tab.page.screenshot({ path: join(folder, `${screen}-${name}.png`), animations: 'disabled' });
      });
    } finally {
      await here.close();
      await site.close();
    }
  });
}
