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

test('a message is fetched when the mouse goes down on it, and shown when it comes up', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, mail, compose, reader } = alice.app;
  if (!(ui instanceof ChromiumTab)) throw new Error('this is for Chromium');
  await compose.send({ to: alice.username, subject: 'Pressed', text: 'Once.' });
  await ui.see(mail.row('Pressed'));
  await ui.page.reload();
  await ui.see(mail.row('Pressed'));
  const fetched = ui.page.waitForResponse(/\/blobs\//);
  await ui.page.locator('a[data-row]').hover();
  await ui.page.mouse.down();
  await fetched;
  await expect(ui.page).toHaveURL(/\/mail(\/inbox)?$/);
  let requests = 0;
  ui.page.on('request', (request) => (requests += /\/blobs\//.test(request.url()) ? 1 : 0));
  await ui.page.mouse.up();
  await ui.seeText(reader.body, 'Once.');
  expect(requests).toBe(0);
});
