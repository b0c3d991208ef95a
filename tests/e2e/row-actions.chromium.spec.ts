import { expect, test } from '../support/test.ts';
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
