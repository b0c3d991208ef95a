import { expect, test } from '../support/test.ts';
import { fill } from '../support/mallory.ts';
import { SIZES } from '../support/screens.ts';
import { ChromiumTab } from '../support/ui/chromium.ts';
import { field, the, words } from '../support/ui/target.ts';
import type { Ui } from '../support/ui/ui.ts';
import type { World } from '../support/world.ts';

function pageOf(ui: Ui) {
  if (!(ui instanceof ChromiumTab)) throw new Error('what is drawn is counted in Chromium alone');
  return ui.page;
}

/** An inbox of 130 messages, all of them taken in. */
async function longInbox(world: World) {
  const alice = await world.newcomer('alice');
  const { ui, mail } = alice.app;
  await fill(world.site, world.unused('bob').username, alice.username, 130);
  const page = pageOf(ui);
  const row = (number: number) => mail.link(`Message ${number} of 130`);
  await ui.see(row(130));
  await expect(page.locator('[data-taken-in="all"]')).toBeAttached();
  return { alice, ui, mail, page, row };
}

test('a long list draws what is seen, goes anywhere by scroll bar and keys, and keeps its place', async ({
  world,
}) => {
  const { alice, ui, page, row } = await longInbox(world);
  const list = page.getByRole('list', { name: 'Messages' });
  expect(await list.getByRole('listitem').count()).toBeLessThan(80);
  await expect(list.getByRole('listitem').first()).toHaveAttribute('aria-setsize', '130');

  await page.locator(`a[data-index="0"]`).focus();
  await ui.press('End');
  await ui.seeFocused(row(1));
  await ui.press('PageUp');
  await ui.press('k');
  await ui.press('Home');
  await ui.seeFocused(row(130));

  // By the scroll bar to the middle; what comes meanwhile moves nothing.
  const scroller = list.locator('..');
  await scroller.evaluate((element) => (element.scrollTop = element.scrollHeight / 2));
  await ui.see(row(60));
  const placeOf = async (number: number) =>
    (await page.getByRole('link', { name: `Message ${number} of 130` }).boundingBox())?.y ?? NaN;
  const middle = await placeOf(60);
  const carol = await world.newcomer('carol');
  await carol.app.compose.send({ to: alice.username, subject: 'Meanwhile', text: 'Here I am.' });
  await expect(list.getByRole('listitem').first()).toHaveAttribute('aria-setsize', '131');
  expect(await placeOf(60)).toBeCloseTo(middle, 0);

  // At its very end there is no room to scroll before the list has grown.
  await scroller.evaluate((element) => (element.scrollTop = element.scrollHeight));
  await ui.see(row(1));
  const end = await placeOf(1);
  await carol.app.compose.send({ to: alice.username, subject: 'And again', text: 'Still here.' });
  await expect(list.getByRole('listitem').first()).toHaveAttribute('aria-setsize', '132');
  expect(await placeOf(1)).toBeCloseTo(end, 0);
});

test('a list stands where it was left, and so does whoever reads it', async ({ world }) => {
  const { mail, ui, page, row } = await longInbox(world);
  const scroller = page.getByRole('list', { name: 'Messages' }).locator('..');
  const middle = () => scroller.evaluate((element) => (element.scrollTop = element.scrollHeight / 2));
  const inView = (number: number) =>
    expect(page.getByRole('link', { name: `Message ${number} of 130` })).toBeInViewport();

  await middle();
  await ui.see(row(63));
  await mail.openFolder('Sent');
  await ui.seeNo(mail.anyRow);
  await mail.openFolder('Inbox');
  await inView(63);
  await ui.click(the('link', 'Settings'));
  await ui.see(the('heading', 'General'));
  await ui.goBack();
  await inView(63);

  // What is done with the open message leads on to the next, or stays at it.
  await ui.click(row(63));
  await ui.see(the('heading', 'Message 63 of 130'));
  await ui.press('e');
  await ui.seeFocused(row(62));
  await ui.press('Enter');
  await ui.see(the('heading', 'Message 62 of 130'));
  await ui.press('Shift+U');
  await ui.seeFocused(row(62));

  await page.setViewportSize(SIZES.phone.viewport);
  await middle();
  for (const back of [() => ui.goBack(), () => ui.click(the('link', 'Back to Inbox'))]) {
    await ui.click(row(60));
    await ui.see(the('heading', 'Message 60 of 130'));
    await expect(scroller).toBeHidden();
    await back();
    await inView(60);
  }
});

test('a list is sorted and filtered', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.newcomer('bob');
  const { ui, mail, reader } = alice.app;
  for (const subject of ['Banana', 'Apple', 'Cherry']) {
    await bob.app.compose.send({ to: alice.username, subject, text: `About a ${subject.toLowerCase()}.` });
  }
  await ui.seeCount(mail.anyRow, 3);
  const page = pageOf(ui);
  const first = page.locator('a[data-index="0"]');
  await expect(first).toContainText('Cherry');
  await page.getByLabel('Sort').selectOption('By subject');
  await expect(first).toContainText('Apple');
  await page.getByLabel('Sort').selectOption('Oldest first');
  await expect(first).toContainText('Banana');

  await mail.openMessage('Banana');
  await reader.shows('Banana', 'About a banana.');
  // It is read a moment after it is shown.
  await ui.seeNo(the('listitem', /^Unread.*Banana/, mail.list));
  await page.getByLabel('Show').selectOption('Unread');
  await ui.seeNo(mail.row('Banana'));
  await ui.seeCount(mail.anyRow, 2);
  // What is read now stays until the list is left.
  await mail.openMessage('Apple');
  await reader.shows('Apple', 'About a apple.');
  await ui.see(mail.row('Apple'));
  await page.getByLabel('Show').selectOption('Starred');
  await ui.see(words('Nothing here has a star.'));
  await ui.click(the('button', 'Show all'));
  await ui.seeCount(mail.anyRow, 3);
  await ui.see(field('Show'));
});

test('a conversation is one row and is read as one, and what is done to it is done to all of it', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.newcomer('bob');
  const { ui, mail, reader, compose } = alice.app;
  const answer = async (member: typeof bob, subject: string, text: string) => {
    const { app } = member;
    await app.mail.openMessage(subject);
    await app.ui.click(app.reader.replyButton);
    await app.ui.seeValue(app.compose.subject, 'Re: The boat');
    await app.ui.fill(app.compose.text, text);
    await app.compose.sendAsIs();
  };
  await bob.app.compose.send({ to: alice.username, subject: 'The boat', text: 'It needs paint.' });
  await answer(alice, 'The boat', 'Which colour?');
  await answer(bob, 'Re: The boat', 'Green, as ever.');

  await ui.see(the('listitem', /^Unread, bob.*, me, 3 messages, Re: The boat/, mail.list));
  await ui.seeCount(mail.anyRow, 1);
  await mail.openMessage('Re: The boat');
  await reader.shows('Re: The boat', 'Green, as ever.');
  const earlier = the('list', 'Earlier messages', reader.region);
  await ui.seeCount(the('listitem', undefined, earlier), 2);
  const first = the('region', 'Body of earlier message 1', reader.region);
  await ui.seeNo(first);
  await ui.click(the('button', /It needs paint/, earlier));
  await ui.seeText(first, 'It needs paint.');
  await ui.click(the('button', /It needs paint/, earlier));
  await ui.seeNo(first);

  await ui.click(reader.archiveButton);
  await ui.seeCount(mail.anyRow, 0);
  await mail.openFolder('Archive');
  await ui.see(the('listitem', /3 messages/, mail.list));
  await ui.seeNo(compose.dialog);
});
