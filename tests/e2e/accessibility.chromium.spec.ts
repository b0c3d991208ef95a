import { expect, test } from '../support/test.ts';
import { accessibilityFindings, expectAccessible } from '../support/axe.ts';
import { expectInOrder, SIZES } from '../support/screens.ts';
import { SCREENS, tour, type Screen } from '../support/tour.ts';
import { ChromiumBrowser, ChromiumTab } from '../support/ui/chromium.ts';
import { World } from '../support/world.ts';

/** For every screen twice. */
const LIMIT_MS = 480_000;

test('axe finds what is planted', async ({ world }) => {
  const { ui, logIn } = await world.visitor();
  if (!(ui instanceof ChromiumTab)) throw new Error('this is for Chromium');
  await logIn.open();
  await expectAccessible(ui, 'log-in');
  await ui.evaluate(() => {
    const faint = Object.assign(document.createElement('p'), { textContent: 'hardly to be seen' });
    faint.style.setProperty('color', '#ddd');
    faint.style.setProperty('background-color', '#eee');
    document.querySelector('main')?.append(faint, document.createElement('input'));
  });
  const findings = await accessibilityFindings(ui);
  expect(findings.some((finding) => finding.startsWith('color-contrast'))).toBe(true);
  expect(findings.some((finding) => finding.startsWith('label'))).toBe(true);
});

test('who wants no motion has another theme at once', async ({ world }) => {
  const { ui, logIn } = await world.visitor();
  if (!(ui instanceof ChromiumTab)) throw new Error('this is for Chromium');
  await logIn.open();
  for (const colorScheme of ['dark', 'light', 'dark'] as const) {
    await ui.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await ui.evaluate(() => document.getAnimations().length), colorScheme).toBe(0);
  }
});

for (const [name, options] of Object.entries(SIZES)) {
  test(`axe finds nothing on any screen in either theme: ${name}`, async ({ world, device, accounts }) => {
    if (!(device instanceof ChromiumBrowser)) throw new Error('this is for Chromium');
    test.setTimeout(LIMIT_MS);
    const here = new World(world.site, device.with(options), world.faults, accounts);
    const visited: Screen[] = [];
    await tour(here, async (screen, tab) => {
      visited.push(screen);
      await expectInOrder(tab, `${screen}, ${name}`);
    });
    expect([...visited].sort()).toEqual([...SCREENS].sort());
    await here.close();
  });
}
