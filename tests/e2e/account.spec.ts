import { expect, test } from '../support/test.ts';
import { the, words } from '../support/ui/target.ts';

test('alice signs up, comes to an empty inbox, logs out and logs in again', async ({ world }) => {
  const alice = await world.newcomer('alice');
  await alice.app.mail.isOpen();
  await alice.app.ui.see(words(/Nothing in Inbox/));
  await alice.app.mail.logOut();
  await alice.app.logIn.isOpen();
  await alice.app.logIn.submit(alice);
  await alice.app.mail.isOpen();
});

test('a name in capitals is the same name', async ({ world }) => {
  const alice = await world.member('alice');
  const app = await world.visitor();
  await app.logIn.open();
  await app.logIn.submit({ ...alice, username: alice.username.toUpperCase() });
  await app.mail.isOpen();
});

test('a taken name is refused beside the name, and what was typed stays', async ({ world }) => {
  const alice = await world.member('alice');
  const { signUp, ui } = await world.visitor();
  world.faults.expect(/409/);
  await signUp.open();
  await signUp.submit({ username: alice.username, password: 'another 14 grey herons home' });
  await ui.seeDescription(signUp.username, /taken|already/i);
  await ui.seeValue(signUp.username, alice.username);
  await ui.seeValue(signUp.password, 'another 14 grey herons home');
});

for (const [fault, username] of [
  ['too short', 'a'],
  ['a character that is not allowed', 'al ice'],
  ['two dots in a row', 'al..ice'],
  ['nothing', ''],
] as const) {
  test(`a malformed name is refused beside the name: ${fault}`, async ({ world }) => {
    const { signUp, ui } = await world.visitor();
    await signUp.open();
    await signUp.submit({ username, password: world.unused('alice').password });
    await ui.seeDescription(signUp.username, /./);
    await ui.seeValue(signUp.username, username);
    expect(ui.path()).toBe('/signup');
  });
}

test('a weak password is refused beside the password', async ({ world }) => {
  const { signUp, ui } = await world.visitor();
  await signUp.open();
  await signUp.submit({ ...world.unused('alice'), password: 'password1' });
  await ui.seeDescription(signUp.password, /guess|weak|longer|common/i);
  expect(ui.path()).toBe('/signup');
});

test('different passwords are refused beside the second', async ({ world }) => {
  const { signUp, ui } = await world.visitor();
  const alice = world.unused('alice');
  await signUp.open();
  await signUp.submit(alice, `${alice.password}!`);
  await ui.seeDescription(signUp.repeated, /same|differ|match/i);
  await ui.seeValue(signUp.password, alice.password);
});

test('the warning about a lost password has to be understood', async ({ world }) => {
  const { signUp, ui } = await world.visitor();
  const alice = world.unused('alice');
  await signUp.open();
  await ui.fill(signUp.username, alice.username);
  await ui.fill(signUp.password, alice.password);
  await ui.fill(signUp.repeated, alice.password);
  await ui.click(signUp.button);
  await ui.seeDescription(signUp.understood, /./);
  await ui.click(signUp.understood);
  await ui.click(signUp.button);
  await signUp.passRecoveryKit();
});

test('a wrong password and an unknown name get the same answer, and the name stays', async ({ world }) => {
  const alice = await world.member('alice');
  const { logIn, ui } = await world.visitor();
  world.faults.expect(/401/);
  const answers: string[] = [];
  await logIn.open();
  for (const username of [alice.username, world.unused('nobody').username]) {
    await logIn.submit({ username, password: 'not the password' });
    await ui.seeText(the('alert'), /./);
    answers.push(await ui.textOf(the('alert')));
    await ui.seeValue(logIn.username, username);
    await ui.reload();
    await logIn.isOpen();
  }
  expect(answers[0]).toMatch(/password/i);
  expect(answers[1]).toBe(answers[0]);
});

test('a reload resumes without the password', async ({ world }) => {
  const { app } = await world.member('alice');
  await app.ui.reload();
  await app.mail.isOpen();
});

test('whoever has to log in first is led where they wanted to go', async ({ world }) => {
  const alice = await world.member('alice');
  const { ui, logIn } = await world.visitor();
  await ui.open('/mail/archive');
  await logIn.isOpen();
  await ui.at('/');
  await logIn.submit(alice);
  await ui.see(the('heading', 'Archive'));
  await ui.at('/mail/archive');
});

test('without an account, mail and settings lead to the log-in page', async ({ world }) => {
  const { ui, logIn } = await world.visitor();
  for (const path of ['/mail', '/mail/sent', '/settings']) {
    await ui.open(path);
    await logIn.isOpen();
    await ui.at('/');
  }
});
