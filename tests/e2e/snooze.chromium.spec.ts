import { test } from '../support/test.ts';
import { field, the, words } from '../support/ui/target.ts';
import { ChromiumTab } from '../support/ui/chromium.ts';

const DAY_MS = 24 * 3_600_000;

test('a snoozed message leaves the inbox and comes back at its time, on top and unread, in all sessions', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, mail, organise, reader } = alice.app;
  if (!(ui instanceof ChromiumTab)) throw new Error('this is for Chromium, whose clock can be set');
  for (const subject of ['Old news', 'Fresh news']) {
    await bob.app.compose.send({ to: alice.username, subject, text: 'Read all about it.' });
  }
  await mail.openMessage('Old news');
  await reader.shows('Old news', 'Read all about it.');
  await ui.click(the('button', 'More actions', reader.region));
  await ui.click(the('menuitem', 'Snooze'));
  const dialog = the('dialog', 'Snooze until');
  await ui.fill(field('Date and time', dialog), '2001-01-01T08:00');
  await ui.click(the('button', 'Snooze', dialog));
  await ui.seeDescription(field('Date and time', dialog), /still to come/);
  await ui.click(the('button', /^Tomorrow/, dialog));
  await ui.seeNo(mail.row('Old news'));

  // It can be undone, and done again.
  await ui.click(organise.undoButton);
  await organise.select('Old news');
  await ui.click(the('button', 'Snooze', organise.bar));
  await ui.click(the('button', /^Tomorrow/, dialog));
  await ui.seeNo(mail.row('Old news'));
  await mail.openFolder('Snoozed');
  await ui.see(mail.row('Old news'));

  // One session that is open at that time, and one that is opened afterwards.
  const other = await world.logIn(alice);
  await other.app.ui.seeNo(other.app.mail.row('Old news'));
  const late = Date.now() + 8 * DAY_MS;
  if (!(other.app.ui instanceof ChromiumTab)) throw new Error('this is for Chromium');
  await mail.openFolder('Inbox');
  await other.app.ui.page.clock.setSystemTime(late);
  await other.app.ui.reload();
  for (const { app } of [other, alice]) {
    await app.ui.see(the('listitem', /^Unread.*Old news/, app.mail.list));
    await app.ui.seeText(app.mail.newestLink, 'Old news');
  }
  await mail.openFolder('Snoozed');
  await ui.see(words('Nothing in Snoozed'));
});
