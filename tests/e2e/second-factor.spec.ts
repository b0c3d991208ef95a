import { expect, test } from '../support/test.ts';
import { Phone } from '../support/phone.ts';
import type { App } from '../support/pages/app.ts';
import { field, the, words } from '../support/ui/target.ts';
import type { Credentials, Member } from '../support/world.ts';

const step = the('form', 'Second step');
const codes = the('dialog', 'Your recovery codes');

async function confirmPassword({ ui }: App, { password }: Credentials): Promise<void> {
  const dialog = the('dialog', 'Confirm your password');
  await ui.fill(field('Password', dialog), password);
  await ui.click(the('button', 'Confirm', dialog));
  await ui.seeNo(dialog);
}

/** Sets an app up in the settings; gives the phone and the recovery codes. */
async function setUp(alice: Member): Promise<{ phone: Phone; recoveryCodes: string[] }> {
  const { ui, settings } = alice.app;
  await settings.open();
  await ui.click(the('button', 'Set up an authenticator app'));
  await confirmPassword(alice.app, alice);
  const dialog = the('dialog', 'Set up an authenticator app');
  await ui.see(dialog);
  const phone = await Phone.scan(ui);
  expect(phone.secret).toMatch(/^[A-Z2-7]{32}$/);
  await ui.fill(field('Code', dialog), '12345');
  await ui.click(the('button', 'Turn on', dialog));
  await ui.seeDescription(field('Code', dialog), /six digits/);
  await ui.fill(field('Code', dialog), await phone.code());
  await ui.click(the('button', 'Turn on', dialog));
  await ui.see(codes);
  const recoveryCodes = await ui.evaluate(() =>
    [...document.querySelectorAll('dialog ul li')].map((item) => item.textContent ?? ''),
  );
  expect(new Set(recoveryCodes).size).toBe(10);
  for (let time = 0; time < 4; time += 1) await ui.press('Escape');
  await ui.click(field('I have kept them', codes));
  await ui.click(the('button', 'Done', codes));
  await ui.see(words(/10 recovery codes are left/));
  return { phone, recoveryCodes };
}

async function typeCode({ ui }: App, label: string, code: string): Promise<void> {
  await ui.fill(field(label, step), code);
  await ui.click(the('button', 'Log in', step));
}

test('a log-in asks for the code of the app, and opens with it and not before', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { phone } = await setUp(alice);
  world.faults.expect(/401/);
  const elsewhere = await world.visitor();
  await elsewhere.logIn.open();
  await elsewhere.logIn.submit(alice);
  await elsewhere.ui.see(step);
  const refused = await elsewhere.ui.evaluate(async () => (await fetch('/api/v1/account')).status);
  expect(refused).toBe(401);
  await typeCode(elsewhere, 'Code', '000000');
  await elsewhere.ui.seeDescription(field('Code', step), /not right/);
  await typeCode(elsewhere, 'Code', await phone.code());
  await elsewhere.mail.isOpen();
  await elsewhere.ui.reload();
  await elsewhere.mail.isOpen();
});

test('a recovery code opens once, however it is typed', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { recoveryCodes } = await setUp(alice);
  world.faults.expect(/401/);
  const [first, second] = recoveryCodes;
  if (first === undefined || second === undefined) throw new Error('no recovery codes');
  const elsewhere = await world.visitor();
  await elsewhere.logIn.open();
  await elsewhere.logIn.submit(alice);
  await elsewhere.ui.click(the('button', 'Use a recovery code', step));
  await typeCode(elsewhere, 'Recovery code', first.toUpperCase().replaceAll('-', ' '));
  await elsewhere.mail.isOpen();
  await elsewhere.mail.logOut();
  await elsewhere.logIn.submit(alice);
  await elsewhere.ui.click(the('button', 'Use a recovery code', step));
  await typeCode(elsewhere, 'Recovery code', first);
  await elsewhere.ui.seeDescription(field('Recovery code', step), /used already/);
  await typeCode(elsewhere, 'Recovery code', second);
  await elsewhere.mail.isOpen();
});

test('turning it off is told in the other session, and the password alone opens again', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const second = await world.logIn(alice);
  await setUp(alice);
  await second.app.ui.see(words(/turned on in another session/));
  const { ui } = alice.app;
  await ui.click(the('button', 'Turn off'));
  await confirmPassword(alice.app, alice);
  await ui.see(words(/It is off/));
  await second.app.ui.see(words(/turned off in another session/));
  const elsewhere = await world.visitor();
  await elsewhere.logIn.open();
  await elsewhere.logIn.submit(alice);
  await elsewhere.mail.isOpen();
});
