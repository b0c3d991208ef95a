import { test } from '../support/test.ts';
import { the, words } from '../support/ui/target.ts';

const NEXT_PASSWORD = 'seven otters cross 3 bridges';

test('two sessions of one account stay in step', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const second = await world.logIn(alice);
  await bob.app.compose.send({ to: alice.username, subject: 'In step', text: 'Left, right.' });

  await second.app.ui.see(second.app.mail.row('In step'));
  await alice.app.mail.openMessage('In step');
  await alice.app.reader.shows('In step', 'Left, right.');
  await second.app.ui.seeNo(the('listitem', /^Unread.*In step/, second.app.mail.list));
  await second.app.ui.see(second.app.mail.row('In step'));

  await second.app.mail.openMessage('In step');
  await second.app.ui.click(second.app.reader.archiveButton);
  await alice.app.ui.seeNo(alice.app.mail.row('In step'));
  await alice.app.mail.openFolder('Archive');
  await alice.app.ui.see(alice.app.mail.row('In step'));
});

test('a revoked session is logged out at once', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const second = await world.logIn(alice);
  world.faults.expect(/401/);
  await alice.app.settings.open();
  await alice.app.ui.seeCount(alice.app.settings.session, 2);
  await alice.app.settings.revokeOther();
  await second.app.logIn.isOpen();
  await second.app.ui.see(words(/session has ended/i));
  await alice.app.ui.seeCount(alice.app.settings.session, 1);
});

test('one press logs out everywhere, here too, and the password still opens the mail', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const second = await world.logIn(alice);
  world.faults.expect(/401/);
  const { ui, settings, logIn, mail } = alice.app;
  await settings.open();
  await ui.click(the('button', 'Log out everywhere'));
  const question = the('dialog', 'Log out everywhere?');
  await ui.click(the('button', 'Stay logged in', question));
  await ui.seeCount(settings.session, 2);
  await ui.click(the('button', 'Log out everywhere'));
  await ui.click(the('button', 'Log out everywhere', question));
  await logIn.isOpen();
  await ui.see(words(/logged out on every device/));
  await second.app.logIn.isOpen();
  await logIn.submit(alice);
  await mail.isOpen();
  await settings.open();
  await ui.seeCount(settings.session, 1);
});

test('a new password ends all other sessions, and the old one no longer logs in', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const second = await world.logIn(alice);
  world.faults.expect(/401/);
  const { settings, ui } = alice.app;
  await settings.open();
  await settings.changePassword(alice.password, NEXT_PASSWORD);
  await ui.seeText(the('status'), /Password changed/);
  await second.app.logIn.isOpen();
  await second.app.logIn.submit(alice);
  await second.app.ui.seeText(the('alert'), /password/i);
  await second.app.logIn.submit({ ...alice, password: NEXT_PASSWORD });
  await second.app.mail.isOpen();
});

test('a new password is refused beside its field: current one wrong, repetition different, weak', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  world.faults.expect(/401/);
  const { settings, ui } = alice.app;
  await settings.open();
  await settings.changePassword('not my password', NEXT_PASSWORD);
  await ui.seeDescription(settings.current, /password/i);
  await settings.changePassword(alice.password, NEXT_PASSWORD, `${NEXT_PASSWORD}!`);
  await ui.seeDescription(settings.repeated, /same|differ|match/i);
  await settings.changePassword(alice.password, 'password1');
  await ui.seeDescription(settings.next, /guess|weak|longer|common/i);
});

test('a session that ends while somebody writes leaves the text, and logging in again goes on', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const second = await world.logIn(alice);
  world.faults.expect(/401/);
  const { ui, compose } = second.app;
  const message = { to: bob.username, subject: 'Interrupted', text: 'Where was I?' };
  await compose.open();
  await compose.write(message);

  await alice.app.settings.open();
  await alice.app.settings.revokeOther();
  const again = the('dialog', 'Log in again');
  await ui.see(again);
  await ui.seeNo(compose.dialog);
  for (let time = 0; time < 4; time += 1) await ui.press('Escape');
  await ui.fill({ label: 'Password', within: again }, alice.password);
  await ui.click(the('button', 'Log in', again));
  await ui.seeNo(again);
  await compose.holds(message);
  await compose.sendAsIs();
  await bob.app.mail.openMessage('Interrupted');
  await bob.app.reader.shows('Interrupted', 'Where was I?');
});
