import { expect, test } from '../support/test.ts';
import { fill } from '../support/mallory.ts';
import { ChromiumTab } from '../support/ui/chromium.ts';
import { the } from '../support/ui/target.ts';

test('what was pressed in a row keeps the focus when the pointer goes elsewhere', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, mail, compose } = alice.app;
  if (!(ui instanceof ChromiumTab)) throw new Error('this is for Chromium');
  await compose.send({ to: alice.username, subject: 'Pressed', text: 'Once.' });
  await ui.see(mail.row('Pressed'));
  await ui.page.locator('a[data-row]').hover();
  await ui.click(the('button', 'Mark as read', mail.list));
  await ui.page.mouse.move(1, 1);
  await ui.seeFocused(the('button', 'Mark as unread', mail.list));
  await ui.page.locator('a[data-row]').focus();
  await expect(ui.page.locator('.actions')).toHaveCount(0);
});

test('what arrives is put in the place of no row that a pointer is about to press', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, mail, compose, reader } = alice.app;
  if (!(ui instanceof ChromiumTab)) throw new Error('this is for Chromium');
  await compose.send({ to: alice.username, subject: 'Aimed at', text: 'Hit.' });
  await ui.see(mail.row('Aimed at'));
  const { page } = ui;
  const box = await page.locator('a[data-row]').boundingBox();
  if (!box) throw new Error('the row is nowhere');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  let moves = 0;
  const moveOn = () => page.mouse.move(x, y + (moves++ % 2));
  const arrived = fill(world.site, world.unused('mallory').username, alice.username, 1);
  const unread = page.getByRole('navigation', { name: 'Folders' }).getByText(/^2/);
  await expect.poll(() => moveOn().then(() => unread.isVisible()), { intervals: [0] }).toBe(true);
  // The list knows of it as soon as the folder does.
  for (const end = moves + 20; moves < end;) await moveOn();
  await expect(page.locator('a[data-row]')).toHaveCount(1);
  await page.mouse.down();
  await page.mouse.up();
  await reader.shows('Aimed at', 'Hit.');
  await ui.see(mail.row('Message 1 of 1'));
  await arrived;
});
