import { keptValues } from '../support/kept.ts';
import { expect, test } from '../support/test.ts';
import { words } from '../support/ui/target.ts';
import { until } from '../support/ui/until.ts';

test('log out wipes the key, ends the worker and the session, and going back shows nothing', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const { ui, mail, compose, logIn } = alice.app;
  await compose.send({ to: alice.username, subject: 'A note to myself', text: 'Water the ferns.' });
  await mail.openFolder('Sent');
  await mail.openMessage('A note to myself');
  await alice.app.reader.shows('A note to myself', 'Water the ferns.');
  expect(await keptValues(ui)).toBe(1);
  expect(ui.workers()).toBe(1);

  await mail.logOut();
  await logIn.isOpen();
  await until(
    async () => (await keptValues(ui)) === 0,
    () => 'a key is still in IndexedDB',
  );
  await until(
    async () => ui.workers() === 0,
    () => 'the worker still runs',
  );
  expect(await ui.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage)))).toEqual([]);

  await ui.goBack();
  await logIn.isOpen();
  await ui.seeNo(alice.app.reader.region);
  await ui.reload();
  await logIn.isOpen();
  expect(await ui.evaluate(() => document.body.innerText)).not.toContain('ferns');
});

test('after log out nothing tells of the mail that has just come', async ({ world }) => {
  const [alice, bob] = [await world.newcomer('alice'), await world.newcomer('bob')];
  const { ui, mail, logIn } = bob.app;
  const text = () => ui.evaluate(() => document.body.innerText);
  await alice.app.compose.send({ to: bob.username, subject: 'Quick', text: 'Look here.' });
  await until(
    async () => (await text()).includes(`New mail from ${alice.username}`),
    () => 'no notice of the mail',
  );
  await mail.logOut();
  await logIn.isOpen();
  expect(await text()).not.toContain(alice.username);
});

test('log out in one tab of a browser is told in the page, and the text at hand is kept as a draft', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const { ui, mail, compose, logIn } = alice.app;
  await compose.open();
  const message = { to: alice.username, subject: 'Half a thought', text: 'It began with' };
  await compose.write(message);
  await mail.logOut();
  await logIn.submit(alice);
  await mail.openFolder('Drafts');
  await mail.openMessage('Half a thought');
  await compose.holds(message);
  await ui.click(compose.discardButton);
  await ui.seeNo(compose.dialog);
});

test('another account that logs in in another tab ends this one, and keeps what is its own', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const other = await alice.app.sibling();
  await other.ui.open('/');
  await other.mail.isOpen();
  await other.mail.logOut();
  await alice.app.logIn.isOpen();
  await alice.app.logIn.submit(alice);
  await alice.app.mail.isOpen();

  await other.logIn.submit(bob);
  await other.mail.isOpen();
  await alice.app.logIn.isOpen();
  await alice.app.ui.seeText(words(/logged in in another tab/), bob.username);
  await other.ui.reload();
  await other.mail.isOpen();
  await other.ui.see(words(`${bob.username}@localhost`));
});
