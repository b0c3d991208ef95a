import { expect, test } from '../support/test.ts';
import { codeIn } from '../support/pages/recover.ts';
import { the } from '../support/ui/target.ts';

const NEXT_PASSWORD = 'seven otters cross 3 bridges';

test('the recovery kit of the sign-up sets a new password, and the mail is all there', async ({ world }) => {
  const alice = world.unused('alice');
  const app = await world.visitor();
  await app.signUp.open();
  await app.signUp.submit(alice);
  const kit = await app.signUp.downloadRecoveryKit();
  expect(kit.name).toContain(alice.username);
  expect(kit.text).toContain(alice.username);
  await app.signUp.passRecoveryKit();
  await app.compose.send({ to: alice.username, subject: 'Kept', text: 'From before.' });

  const later = await world.visitor();
  await later.recover.open();
  await later.recover.submit(alice.username, codeIn(kit.text).toLowerCase(), NEXT_PASSWORD);
  await later.mail.isOpen();
  await later.mail.openFolder('Sent');
  await later.mail.openMessage('Kept');
  await later.reader.shows('Kept', 'From before.');

  const again = await world.logIn({ ...alice, password: NEXT_PASSWORD });
  await again.app.mail.isOpen();
  world.faults.expect(/401/);
  const old = await world.visitor();
  await old.logIn.open();
  await old.logIn.submit(alice);
  await old.ui.seeText(the('alert'), /password/i);
});

test('a kit made in Settings works; a mistyped code is found before anything is asked', async ({ world }) => {
  const alice = await world.newcomer('alice');
  await alice.app.settings.open();
  const code = codeIn((await alice.app.settings.downloadRecoveryKit()).text);
  const last = code.at(-1) === '7' ? '8' : '7';

  const { recover, ui, mail } = await world.visitor();
  await recover.open();
  await recover.submit(alice.username, code.slice(0, -1) + last, NEXT_PASSWORD);
  await ui.seeDescription(recover.code, /typ|code/i);
  await ui.seeValue(recover.username, alice.username);
  await ui.fill(recover.code, code);
  await ui.click(recover.button);
  await mail.isOpen();
});

test('a kit that takes the place of another is made when the password was given', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, settings } = alice.app;
  await settings.open();
  const first = codeIn((await settings.downloadRecoveryKit()).text);
  await ui.reload();
  await ui.click(the('button', 'Make a new recovery kit'));
  const asked = the('dialog', 'Confirm your password');
  await ui.see(asked);
  await ui.click(the('button', 'Cancel', asked));
  await ui.seeNo(asked);
  const file = await ui.savedBy(async () => {
    await ui.click(the('button', 'Make a new recovery kit'));
    await settings.confirm(alice.password);
  });
  expect(codeIn(file.text)).not.toBe(first);
});

test('a code that is not of this account is refused', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  await alice.app.settings.open();
  const code = codeIn((await alice.app.settings.downloadRecoveryKit()).text);
  const { recover, ui } = await world.visitor();
  world.faults.expect(/401/);
  await recover.open();
  await recover.submit(bob.username, code, NEXT_PASSWORD);
  await ui.seeText(recover.error, /./);
  await ui.seeValue(recover.code, code);
});
