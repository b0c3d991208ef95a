/** Pictures of the main screens in both themes and sizes, into `SCREENSHOTS` or target/screenshots. */
import { join } from 'node:path';
import { inTarget } from '../support/programs.ts';
import { LOOKS } from '../support/screens.ts';
import { test } from '../support/test.ts';
import { tour, type Screen } from '../support/tour.ts';
import { ChromiumBrowser } from '../support/ui/chromium.ts';
import { World } from '../support/world.ts';

const folder = process.env['SCREENSHOTS'] ?? inTarget('screenshots');
const WANTED: Screen[] = ['sign-up', 'log-in', 'inbox', 'reader', 'compose', 'settings'];

for (const { name, options } of LOOKS) {
  test(`screenshots: ${name}`, async ({ world, device, accounts }) => {
    if (!(device instanceof ChromiumBrowser)) throw new Error('this is for Chromium');
    const here = new World(world.site, device.with(options), world.faults, accounts);
    await tour(here, async (screen, { page }) => {
      if (!WANTED.includes(screen)) return;
      await page.screenshot({ path: join(folder, `${screen}-${name}.png`), animations: 'disabled' });
    });
    await here.close();
  });
}
