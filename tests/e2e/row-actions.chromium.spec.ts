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
  // Over the row a pointer moves until more is unread; then it presses what is there.
  const pressed = ui.page.evaluate(pressWhenMoreIsUnread);
  await fill(world.site, world.unused('mallory').username, alice.username, 1);
  await pressed;
  await reader.shows('Aimed at', 'Hit.');
  await ui.see(mail.row('Message 1 of 1'));
});

/** Runs in the page. The folders count what has come before the list has it: some frames go by between. */
async function pressWhenMoreIsUnread(): Promise<void> {
  const [link] = document.querySelectorAll('a[data-row]');
  const box = link?.getBoundingClientRect();
  if (!box) throw new Error('the row is nowhere');
  const at = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
  const under = () => document.elementFromPoint(at.clientX, at.clientY);
  const unread = () => document.querySelector('nav .count')?.textContent;
  const before = unread();
  for (let frames = 0; frames < 30;) {
    await new Promise(requestAnimationFrame);
    under()?.dispatchEvent(new PointerEvent('pointermove', { ...at, bubbles: true }));
    if (unread() !== before) frames += 1;
  }
  under()?.dispatchEvent(new MouseEvent('click', { ...at, bubbles: true, cancelable: true }));
}
