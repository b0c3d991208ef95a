import { expect, test } from '../support/test.ts';
import { field, the } from '../support/ui/target.ts';
import type { Ui } from '../support/ui/ui.ts';

const look = (ui: Ui) =>
  ui.evaluate(() => {
    const { theme, density } = document.documentElement.dataset;
    return `${theme ?? 'system'} ${density ?? 'comfortable'}`;
  });

test('what is chosen holds at once in all sessions, after a reload, and before the next log-in', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const second = await world.logIn(alice);
  const { ui, settings, mail } = alice.app;
  await settings.open('General');
  await settings.choose('Dark');
  await settings.choose('Compact');
  expect(await look(ui)).toBe('dark compact');
  await expect.poll(() => look(second.app.ui)).toBe('dark compact');
  await ui.reload();
  await ui.see(settings.heading);
  expect(await look(ui)).toBe('dark compact');
  await settings.backToMail();
  await mail.logOut();
  expect(await look(ui)).toBe('dark compact');
});

test('the display name stands beside the address in what is sent', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  await alice.app.settings.open('General');
  await alice.app.settings.giveName('bob@localhost');
  await alice.app.ui.seeDescription(alice.app.settings.displayName, /cannot hold/);
  await alice.app.settings.rename('Alice Pleasance Liddell');
  await alice.app.settings.backToMail();
  await alice.app.compose.send({ to: bob.username, subject: 'A name', text: 'It is mine.' });
  await bob.app.ui.see(the('listitem', /Alice Pleasance Liddell.*A name/, bob.app.mail.list));
});

test('signatures are made, changed and removed', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const second = await world.logIn(alice);
  const { ui, settings } = alice.app;
  await settings.open('Writing');
  await settings.addSignature('Work', 'Alice\nLooking glasses');
  await second.app.settings.open('Writing');
  await second.app.ui.see(the('button', 'Edit signature Work'));
  await second.app.ui.click(the('button', 'Edit signature Work'));
  await second.app.ui.fill(field('Name of the signature'), 'Office');
  await second.app.ui.click(the('button', 'Save signature'));
  await ui.see(the('button', 'Edit signature Office'));
  await ui.click(the('button', 'Remove signature Office'));
  await ui.seeNo(settings.signatures);
  await second.app.ui.seeNo(settings.signatures);
});

test('the question mark shows the keys, and single keys can be turned off', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, settings, search } = alice.app;
  const sheet = the('dialog', 'Keyboard shortcuts');
  await ui.press('?');
  await ui.see(sheet);
  await ui.press('Escape');
  await ui.seeNo(sheet);
  await ui.press('/');
  await ui.seeFocused(search.field);

  await settings.open('General');
  await ui.click(field('Single keys are shortcuts'));
  await settings.isSaved('Keyboard');
  await settings.backToMail();
  await ui.press('/');
  await ui.press('?');
  expect(await ui.hasFocus(search.field)).toBe(false);
  await settings.open('General');
  await ui.seeNo(sheet);
  await ui.click(the('button', 'Show shortcuts'));
  await ui.see(sheet);
});

test('a setting that the server does not take is as before, and said', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, settings } = alice.app;
  world.faults.expect(/ERR_|NetworkError|Failed to fetch/);
  await settings.open('General');
  world.site.proxy.cut();
  await ui.click(field('Dark'));
  await ui.seeText(the('alert'), /Not saved/);
  expect(await look(ui)).toBe('system comfortable');
  world.site.proxy.mend();
  await settings.choose('Dark');
  await ui.seeNo(the('alert'));
});
