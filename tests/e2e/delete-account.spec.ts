import { keptValues } from '../support/kept.ts';
import { expect, test } from '../support/test.ts';
import { field, the, words } from '../support/ui/target.ts';
import { until } from '../support/ui/until.ts';

const dialog = the('dialog', 'Delete this account for good?');
const act = the('button', 'Delete account', dialog);

test('an account is deleted by its address and its password, and nothing of it is left', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const second = await world.logIn(alice);
  await bob.app.compose.send({ to: alice.username, subject: 'Still there', text: 'Read this.' });
  await alice.app.ui.see(alice.app.mail.row('Still there'));
  world.faults.expect(/401|404/);

  const { ui, settings, logIn } = alice.app;
  await settings.open('Account');
  await ui.click(the('button', 'Delete account…'));
  await ui.click(act);
  const address = field('Your address, to be sure', dialog);
  const password = field('Password', dialog);
  await ui.seeDescription(address, /Type your address/);
  await ui.seeDescription(password, /Type your password/);
  await ui.fill(address, `${alice.username}@localhost`);
  await ui.fill(password, 'not my password');
  await ui.click(act);
  await ui.seeDescription(password, /not right/);
  await ui.fill(password, alice.password);
  await ui.click(act);

  await logIn.isOpen();
  await ui.see(words(/account and all its mail are deleted/i));
  await until(
    async () => (await keptValues(ui)) === 0,
    () => 'something is still in IndexedDB',
  );
  await second.app.logIn.isOpen();
  await logIn.submit(alice);
  await ui.seeText(the('alert'), /not right/);
  await bob.app.compose.open();
  await bob.app.compose.write({ to: alice.username, subject: 'Too late', text: 'Are you there?' });
  await bob.app.ui.see(words(/no account|not found|nobody/i));
  expect(await ui.evaluate(() => document.body.innerText)).not.toContain('Still there');
});

test('a deletion is called off, and the account goes on', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, settings, mail } = alice.app;
  await settings.open('Account');
  await ui.click(the('button', 'Delete account…'));
  await ui.see(words(/cannot be undone/i));
  await ui.click(the('button', 'Keep my account', dialog));
  await ui.seeNo(dialog);
  await settings.backToMail();
  await ui.reload();
  await mail.isOpen();
});
