import { test } from '../support/test.ts';
import { the, words } from '../support/ui/target.ts';

test('a draft is kept, goes on elsewhere, is sent, and is then gone', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const message = { to: bob.username, subject: 'In two sittings', text: 'First sitting.' };
  await alice.app.compose.open();
  await alice.app.compose.write(message);
  await alice.app.ui.click(alice.app.compose.closeButton);
  await alice.app.ui.seeNo(alice.app.compose.dialog);

  const second = await world.logIn(alice);
  const { ui, mail, compose } = second.app;
  await mail.openFolder('Drafts');
  await mail.openMessage(message.subject);
  await compose.holds(message);
  await ui.fill(compose.text, 'Second sitting.');
  await compose.sendAsIs();
  await ui.seeNo(mail.row(message.subject));

  await bob.app.mail.openMessage(message.subject);
  await bob.app.reader.shows(message.subject, 'Second sitting.');
  await alice.app.mail.openFolder('Drafts');
  await alice.app.ui.seeNo(alice.app.mail.row(message.subject));
});

test('a draft that is written on in two places becomes two, and that is said', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const second = await world.logIn(alice);
  const message = { to: 'alice', subject: 'In two places', text: 'Begun.' };
  await alice.app.compose.open();
  await alice.app.compose.write(message);
  await alice.app.ui.click(alice.app.compose.closeButton);
  for (const { mail, compose } of [alice.app, second.app]) {
    await mail.openFolder('Drafts');
    await mail.openMessage(message.subject);
    await compose.holds(message);
  }
  await second.app.ui.fill(second.app.compose.text, 'Over there.');
  await second.app.ui.see(words('Saved', second.app.compose.dialog));
  const { ui, compose, mail } = alice.app;
  await ui.fill(compose.text, 'Over here.');
  await ui.see(words(/kept as a draft of its own/, compose.dialog));
  await second.app.ui.seeNo(words(/kept as a draft of its own/, second.app.compose.dialog));
  await ui.click(compose.closeButton);
  await ui.seeNo(compose.dialog);
  await ui.seeCount(mail.row(message.subject), 2);
});

test('what is being written saves itself', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, compose, mail } = alice.app;
  await mail.openFolder('Drafts');
  await compose.open();
  await ui.fill(compose.subject, 'Saves itself');
  await ui.fill(compose.text, 'Nobody pressed anything.');
  await ui.see(words('Saved', compose.dialog));
  await ui.see(mail.row('Saves itself'));
  const second = await world.logIn(alice);
  await second.app.mail.openFolder('Drafts');
  await second.app.ui.see(second.app.mail.row('Saves itself'));
  await ui.click(compose.discardButton);
  await second.app.ui.seeNo(second.app.mail.row('Saves itself'));
  await ui.seeNo(mail.row('Saves itself'));
});

test('a draft that was discarded by mistake comes back', async ({ world }) => {
  const alice = await world.member('alice');
  const { ui, compose } = alice.app;
  const message = { to: alice.username, subject: 'A slip', text: 'It took an hour to write.' };
  await compose.open();
  await compose.write(message);
  await ui.click(compose.discardButton);
  await ui.seeNo(compose.dialog);
  await ui.click(the('button', 'Undo'));
  await compose.holds(message);
  await ui.click(compose.discardButton);
  await ui.seeNo(compose.dialog);
});

test('Enter ends an address and a subject, and sends nothing', async ({ world }) => {
  const alice = await world.member('alice');
  const { ui, compose } = alice.app;
  await compose.open();
  await compose.addTo(alice.username);
  await ui.press('Enter');
  await ui.fill(compose.subject, 'Not yet');
  await ui.press('Enter');
  await ui.seeFocused(compose.text);
  await ui.see(compose.dialog);
  await ui.click(compose.discardButton);
  await ui.seeNo(compose.dialog);
});
