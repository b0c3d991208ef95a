import { test } from '../support/test.ts';
import { the, words } from '../support/ui/target.ts';

const NO_NETWORK = /Failed to load resource|ERR_|NetworkError|CORS|EventSource|connection|502/i;

test('a message that is sent while the connection is lost waits in the outbox, and goes out afterwards', async ({
  world,
}) => {
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  world.faults.expect(NO_NETWORK);
  const { ui, compose } = alice.app;
  const message = { to: bob.username, subject: 'Through the tunnel', text: 'Hold the line.' };
  await compose.open();
  await compose.write(message);
  world.site.proxy.cut();
  await ui.click(compose.sendButton);
  await ui.seeText(the('status'), /waits in the outbox/);
  await ui.seeNo(compose.dialog);

  world.site.proxy.mend();
  await bob.app.mail.openMessage(message.subject);
  await bob.app.reader.shows(message.subject, 'Hold the line.');
});

test('a lost connection is shown, and what came meanwhile arrives when it is back', async ({ world }) => {
  const alice = await world.member('alice');
  const bob = await world.newcomer('bob');
  world.faults.expect(NO_NETWORK);
  world.site.proxy.cut();
  await bob.app.ui.seeText(the('status'), /Offline/);
  world.site.proxy.mend();
  await alice.app.compose.send({ to: bob.username, subject: 'Meanwhile', text: 'You were away.' });
  await bob.app.ui.see(bob.app.mail.row('Meanwhile'));
});

test('log-in and sign-up without a connection say so, and keep what was typed', async ({ world }) => {
  const alice = world.unused('alice');
  const { ui, logIn, signUp } = await world.visitor();
  world.faults.expect(NO_NETWORK);
  await signUp.open();
  await signUp.fill(alice);
  await ui.see(words(/Hard to guess/));
  world.site.proxy.cut();
  await ui.click(signUp.button);
  await ui.seeText(the('alert'), /connection|reached|offline|network/i);
  await ui.seeValue(signUp.username, alice.username);
  world.site.proxy.mend();
  await ui.click(signUp.button);
  await signUp.passRecoveryKit();
  await ui.click(the('button', 'Log out'));

  await logIn.isOpen();
  world.site.proxy.cut();
  await logIn.submit(alice);
  await ui.seeText(the('alert'), /connection|reached|offline|network/i);
  await ui.seeValue(logIn.username, alice.username);
  world.site.proxy.mend();
  await ui.click(logIn.button);
  await ui.at('/mail');
});
