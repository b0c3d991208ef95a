import { expect, test } from '../support/test.ts';
import { SIZES } from '../support/screens.ts';
import { ChromiumTab } from '../support/ui/chromium.ts';
import { choose } from '../support/files.ts';
import { field, the, words } from '../support/ui/target.ts';
import type { Ui } from '../support/ui/ui.ts';

function pageOf(ui: Ui): ChromiumTab['page'] {
  if (!(ui instanceof ChromiumTab)) throw new Error('this is for Chromium');
  return ui.page;
}

test('on a phone, everything that is done with a message is within the window', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  await bob.app.compose.send({ to: alice.username, subject: 'Tides', text: 'High at noon.' });
  const { ui, mail, reader } = alice.app;
  await ui.see(mail.row('Tides'));
  await pageOf(ui).setViewportSize(SIZES.phone.viewport);
  await mail.openMessage('Tides');
  await reader.shows('Tides', 'High at noon.');
  await ui.see(reader.replyButton);
  const beyond = await ui.evaluate(() =>
    [...document.querySelectorAll('[aria-label="Message"] :is(button, a)')]
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return left < 0 || right > innerWidth || width < 20;
      })
      .map((element) => element.outerHTML),
  );
  expect(beyond).toEqual([]);
  for (const button of [reader.replyButton, reader.forwardButton, reader.trashButton, reader.moreButton])
    await ui.seeCount(the('button', button.name), 1);
});

test('on a phone, Back closes what one writes, keeps it, and leaves no place that takes two', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  await bob.app.compose.send({ to: alice.username, subject: 'Tides', text: 'High at noon.' });
  const { ui, mail, reader, compose } = alice.app;
  await ui.see(mail.row('Tides'));
  await pageOf(ui).setViewportSize(SIZES.phone.viewport);
  await mail.openMessage('Tides');
  await reader.shows('Tides', 'High at noon.');
  await ui.click(reader.replyButton);
  await ui.fill(compose.subject, 'Re: Tides, and boats');
  await ui.goBack();
  await ui.seeNo(compose.dialog);
  await reader.shows('Tides', 'High at noon.');

  await ui.click(reader.replyButton);
  await ui.click(compose.closeButton);
  await ui.seeNo(compose.dialog);
  await ui.goBack();
  await ui.at('/mail');
  await ui.see(mail.row('Tides'));
  await mail.openFolder('Drafts');
  await mail.openMessage('Re: Tides, and boats');
  await ui.seeValue(compose.subject, 'Re: Tides, and boats');
  await ui.click(compose.closeButton);
  await ui.seeNo(compose.dialog);
  await ui.goBack();
  await ui.at('/mail');
});

test('on a phone, searches that were kept are behind "More", which Back closes', async ({ world }) => {
  const { app } = await world.newcomer('alice');
  const { ui, search } = app;
  await search.for('tides OR boats');
  await ui.click(search.saveButton);
  await ui.click(the('button', 'Save', the('dialog', 'Save this search')));
  await ui.see(the('button', 'tides OR boats', the('navigation', 'Saved searches')));
  await pageOf(ui).setViewportSize(SIZES.phone.viewport);
  await app.mail.openFolder('Inbox');
  const more = the('dialog', 'Folders and labels');
  await ui.click(the('button', 'More'));
  await ui.see(more);
  await ui.goBack();
  await ui.seeNo(more);
  await ui.at('/mail');
  await ui.click(the('button', 'More'));
  await ui.click(the('button', 'tides OR boats', more));
  await ui.seeNo(more);
  await ui.at('/mail/search');
  await ui.seeValue(search.field, 'tides OR boats');
});

test('of a list that is narrowed, what is shown can be selected and nothing else', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  for (const subject of ['Tides', 'Ropes', 'Sails'])
    await bob.app.compose.send({ to: alice.username, subject, text: 'High at noon.' });
  const { ui, mail, organise } = alice.app;
  await mail.openMessage('Tides');
  await alice.app.reader.shows('Tides', 'High at noon.');
  await ui.select(field('Show'), 'Unread');
  await ui.seeNo(mail.row('Tides'));
  const [before] = await rowTops(ui);
  await ui.click(the('checkbox', 'Select all'));
  await ui.seeText(organise.bar, '2 selected');
  expect(await rowTops(ui), 'no row moves').toContain(before);
  await ui.click(the('button', 'Archive', organise.bar));
  await ui.see(words('Nothing to show'));
  await ui.click(the('button', 'Show all'));
  await ui.see(mail.row('Tides'));
});

/** How far down the rows begin. */
async function rowTops(ui: Ui): Promise<number[]> {
  return ui.evaluate(() =>
    [...document.querySelectorAll('[data-row]')].map((row) => row.getBoundingClientRect().top),
  );
}

test('what is done leaves the focus where one goes on', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  for (const subject of ['Tides', 'Ropes'])
    await bob.app.compose.send({ to: alice.username, subject, text: 'High at noon.' });
  const { ui, mail, organise, reader, search } = alice.app;
  await ui.see(mail.row('Ropes'));
  await ui.see(mail.row('Tides'));

  await organise.select('Ropes');
  await ui.click(the('button', 'Label', organise.bar));
  await ui.click(the('button', 'Done'));
  await ui.seeFocused(the('button', 'Label', organise.bar));
  await ui.click(the('button', 'Select none', organise.bar));
  await ui.seeFocused(the('heading', 'Inbox'));
  await organise.select('Ropes');
  await ui.click(the('button', 'Archive', organise.bar));
  await ui.seeFocused(mail.link('Tides'));

  await mail.openMessage('Tides');
  await reader.shows('Tides', 'High at noon.');
  await ui.goBack();
  await ui.seeFocused(mail.link('Tides'));
  await search.for('noon');
  await ui.click(search.link('Ropes'));
  await reader.shows('Ropes', 'High at noon.');
  await ui.goBack();
  await ui.seeFocused(search.link('Ropes'));
});

test('an empty inbox says the address, every page can be opened anew, and what waits is spoken of before all log out', async ({
  world,
}) => {
  const { app, username } = await world.newcomer('alice');
  const { ui, contacts, compose, settings } = app;
  await ui.see(words(new RegExp(`Your address is .*${username}@localhost`)));
  await contacts.open();
  await contacts.make({ name: 'Bea Lake', address: 'bea@example.org' });
  await ui.reload();
  await ui.see(the('heading', 'Bea Lake'));
  await ui.open('/contacts');
  await ui.see(contacts.row('Bea Lake'));
  await ui.click(the('link', 'Back to mail'));

  await compose.send({ to: username, subject: 'Known', text: 'So that the key is known here.' });
  world.faults.expect(/Failed to load resource|ERR_|EventSource/);
  world.site.proxy.cut();
  await compose.open();
  await compose.write({ to: username, subject: 'The boat is painted', text: 'Green, as before.' });
  await ui.click(compose.sendButton);
  await ui.seeText(the('status'), /waits in the outbox/);
  await settings.open('Security');
  await ui.click(the('button', 'Log out everywhere'));
  await ui.see(words(/stays on this device, sealed, and goes out when you log in/));
});

test('the second half of a double click does nothing to what stands there by then', async ({ world }) => {
  const { app } = await world.newcomer('alice');
  const { ui, settings, mail } = app;
  await settings.open('General');
  const back = await pageOf(ui).getByRole('link', { name: 'Back to mail' }).boundingBox();
  const place = { x: (back?.x ?? 0) + (back?.width ?? 0) / 2, y: (back?.y ?? 0) + (back?.height ?? 0) / 2 };
  await pageOf(ui).mouse.dblclick(place.x, place.y, { delay: 50 });
  await mail.isOpen();
  await ui.click(mail.folder('Sent'));
  await ui.see(the('heading', 'Sent'));
});

test('what comes up below a long text, and what is attached below it, is seen', async ({ world }) => {
  const { app, username } = await world.newcomer('alice');
  const { ui, compose } = app;
  await compose.open();
  await compose.write({
    to: username,
    subject: 'Tides',
    text: `${'High at noon.\n'.repeat(60)}It is attached.`,
  });
  await ui.click(compose.sendButton);
  const alert = pageOf(ui).getByRole('alert').filter({ hasText: 'nothing is attached' });
  await expect(alert).toBeInViewport({ ratio: 1 });
  await ui.click(compose.text);
  await pageOf(ui).keyboard.press('Control+Home');
  await choose(ui, { name: 'tides.txt', mimeType: 'text/plain', buffer: Buffer.from('High at noon.') });
  const row = pageOf(ui).getByRole('listitem').filter({ hasText: 'tides.txt' });
  await expect(row).toBeInViewport({ ratio: 1 });
  await ui.click(the('button', 'Cc and Bcc'));
  await ui.seeFocused(field('Cc'));
  await ui.click(compose.text);
  await ui.press('Escape');
  await ui.seeNo(compose.dialog);
});

test('many thousand recipients that are pasted are counted, and the page goes on', async ({ world }) => {
  const { app } = await world.newcomer('alice');
  const { ui, compose } = app;
  await compose.open();
  const many = Array.from({ length: 3_000 }, (_, number) => `person${number}@example.org`).join(', ');
  await pageOf(ui).evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true }),
    );
  }, many);
  await ui.see(words('and 2,880 more', compose.dialog));
  await ui.fill(compose.subject, 'To all');
  await ui.click(compose.discardButton);
  await ui.seeNo(compose.dialog);
});
