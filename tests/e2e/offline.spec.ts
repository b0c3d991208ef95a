import { test } from '../support/test.ts';
import { keptValues } from '../support/kept.ts';
import { deliverEntities } from '../support/mallory.ts';
import type { App } from '../support/pages/app.ts';
import { the, words } from '../support/ui/target.ts';
import { until } from '../support/ui/until.ts';

const NO_NETWORK = /Failed to load resource|ERR_|NetworkError|CORS|EventSource|connection|502|intercepted/i;

const NEWSLETTER = [
  'From: mallory@localhost',
  'Subject: Tunnel news',
  'MIME-Version: 1.0',
  'Content-Type: text/html; charset=utf-8; hp="cipher"',
  '',
  '<h1>News</h1><p>It is <b>dark</b>.</p><p>Still.</p>',
  '',
].join('\r\n');

/** Chooses to keep mail on this device, and waits until the app itself is kept. */
async function keepMail({ ui, settings }: App): Promise<void> {
  await settings.open();
  await ui.click(the('button', 'Keep mail on this device'));
  await ui.see(the('button', 'Delete mail from this device'));
  await ui.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await settings.backToMail();
}

test('mail that was kept opens without a network after a reload, and what is sent then goes out once', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  await bob.app.compose.send({ to: alice.username, subject: 'Before the tunnel', text: 'Read me there.' });
  const mallory = world.unused('mallory').username;
  await deliverEntities(world.site, mallory, alice.username, [NEWSLETTER]);
  const { ui, mail, reader, compose } = alice.app;
  await ui.see(mail.row('Tunnel news'));
  await keepMail(alice.app);
  await mail.openMessage('Before the tunnel');
  await reader.shows('Before the tunnel', 'Read me there.');
  // Knows bob's key from now on.
  await compose.send({ to: bob.username, subject: 'Hello bob', text: 'On my way.' });

  world.faults.expect(NO_NETWORK);
  world.site.proxy.cut();
  await ui.open('/mail');
  await mail.isOpen();
  await ui.seeText(the('note', 'Connection'), /offline.*kept on this device, as of/i);
  await mail.openMessage('Before the tunnel');
  await reader.shows('Before the tunnel', 'Read me there.');

  // It has not been opened before.
  await mail.openFolder('Inbox');
  await mail.openMessage('Tunnel news');
  await reader.showsFormatted('It is dark.');

  const letter = { to: bob.username, subject: 'Out of the tunnel', text: 'There again.' };
  await compose.open();
  await compose.write(letter);
  await ui.click(compose.sendButton);
  await ui.seeText(the('status'), /waits in the outbox/);
  await ui.seeNo(compose.dialog);

  // It is there after a reload, and in another tab.
  await ui.open('/mail/outbox');
  await ui.seeText(the('list', 'Outbox'), /Out of the tunnel/);
  const other = await alice.app.sibling();
  await other.ui.open('/mail/outbox');
  await other.ui.seeText(the('list', 'Outbox'), /Out of the tunnel/);

  world.site.proxy.mend();
  await ui.see(words('Nothing waits here'));
  await bob.app.mail.openMessage(letter.subject);
  await bob.app.reader.shows(letter.subject, letter.text);
  await bob.app.mail.openFolder('Inbox');
  await bob.app.ui.seeCount(bob.app.mail.row(letter.subject), 1);
  await mail.openFolder('Sent');
  await ui.seeCount(mail.row(letter.subject), 1);
});

test('what waits in the outbox can be taken back, and logging out asks before it is deleted', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, mail, compose, logIn } = alice.app;
  await compose.send({ to: bob.username, subject: 'Known', text: 'So that your key is known here.' });
  world.faults.expect(NO_NETWORK);
  world.site.proxy.cut();
  const letter = { to: bob.username, subject: 'Too hasty', text: 'Forget what I said.' };
  await compose.open();
  await compose.write(letter);
  await ui.click(compose.sendButton);
  await ui.seeText(the('status'), /waits in the outbox/);
  await ui.click(the('link', 'outbox', the('note', 'Connection')));
  await ui.click(the('button', 'Cancel and edit: Too hasty'));
  await compose.holds(letter);
  // It is a draft again, and not lost if this page were closed now.
  await ui.see(the('button', 'Edit: Too hasty'));

  await ui.click(compose.sendButton);
  await ui.seeNo(compose.dialog);
  await ui.see(the('button', 'Cancel and edit: Too hasty'));
  await ui.click(mail.logOutButton);
  const question = the('dialog', 'Log out and delete what has not gone out?');
  await ui.click(the('button', 'Stay logged in', question));
  await ui.seeText(the('list', 'Outbox'), /Too hasty/);
  await ui.click(mail.logOutButton);
  await ui.click(the('button', 'Log out and delete', question));
  await logIn.isOpen();
  await until(
    async () => (await keptValues(ui)) === 0,
    () => 'something is still in IndexedDB',
  );
});

test('without a key of the recipient nothing is sent later; the draft is kept, survives a reload, and is saved', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, mail, compose } = alice.app;
  await keepMail(alice.app);
  world.faults.expect(NO_NETWORK);
  world.site.proxy.cut();
  const letter = { to: bob.username, subject: 'Never met', text: 'We have not written before.' };
  await compose.open();
  await compose.write(letter);
  await ui.click(compose.sendButton);
  await ui.seeText(compose.error, /could not be looked up/);
  await until(
    () => ui.evaluate(() => document.querySelector('[type=submit][aria-disabled]') === null),
    () => 'it is still being sent',
  );
  await compose.holds(letter);
  await ui.click(compose.closeButton);
  await ui.seeNo(compose.dialog);

  await ui.open('/mail/outbox');
  await ui.click(the('button', 'Edit: Never met'));
  await compose.holds(letter);
  await ui.click(compose.closeButton);
  await ui.seeNo(compose.dialog);
  world.site.proxy.mend();
  await ui.see(words('Nothing waits here'));
  await mail.openFolder('Drafts');
  await mail.openMessage('Never met');
  await compose.holds(letter);
  await ui.click(compose.discardButton);
  await ui.seeNo(compose.dialog);
});

test('a session that was ended elsewhere leaves no mail on this device', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, mail, compose, logIn } = alice.app;
  await compose.send({ to: alice.username, subject: 'Kept here', text: 'For a while.' });
  await keepMail(alice.app);
  await mail.openMessage('Kept here');
  await alice.app.reader.shows('Kept here', 'For a while.');
  await until(
    async () => (await keptValues(ui)) > 4,
    () => 'no mail is kept',
  );
  world.faults.expect(/401/);
  const elsewhere = await world.logIn(alice);
  await elsewhere.app.settings.open();
  await elsewhere.app.ui.click(elsewhere.app.settings.revokeOthersButton);
  await logIn.isOpen();
  await until(
    async () => (await keptValues(ui)) === 0,
    () => 'mail is still in IndexedDB',
  );
  const databases = () => ui.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  await until(
    async () => (await databases()).join() === 's-mail',
    () => 'the database of the mail that was kept is still there',
  );
});
