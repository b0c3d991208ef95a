import { test } from '../support/test.ts';
import { poisonDirectory } from '../support/mallory.ts';
import { field, the, words } from '../support/ui/target.ts';

test('a contact is made, found, changed, deleted and brought back, in all sessions', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, contacts } = alice.app;
  const second = await world.logIn(alice);
  await second.app.contacts.open();
  await second.app.ui.see(words('No contacts yet'));

  await contacts.open();
  await ui.click(contacts.newButton);
  await ui.click(the('button', 'Save'));
  await ui.seeDescription(field('Name'), 'Enter a name or an address.');
  await ui.fill(field('Name'), 'Bea Lake');
  await ui.fill(field('Address 1'), 'no address');
  await ui.click(the('button', 'Save'));
  await ui.see(words(/is not an address/));
  await ui.fill(field('Address 1'), 'bea@example.org');
  await ui.click(the('button', 'Add address'));
  await ui.fill(field('Address 2'), 'bea@lake.example');
  await ui.click(the('button', 'Add telephone'));
  await ui.fill(field('Telephone 1'), '+1 555 0100');
  await ui.click(the('button', 'Save'));
  await ui.see(the('heading', 'Bea Lake'));
  await ui.see(words('bea@lake.example'));
  await contacts.make({ name: 'Carlo Zorn', note: 'plays the cello' });

  // The other session hears of it.
  await second.app.ui.see(second.app.contacts.row('Bea Lake'));
  await ui.fill(contacts.search, 'CELL');
  await ui.see(contacts.row('Carlo Zorn'));
  await ui.seeNo(contacts.row('Bea Lake'));
  await ui.click(the('button', 'Clear search'));

  await ui.click(contacts.row('Bea Lake'));
  await ui.click(the('button', 'Edit'));
  await ui.fill(field('Name'), 'Beatrix Lake');
  await ui.click(the('button', 'Save'));
  await ui.see(the('heading', 'Beatrix Lake'));
  await second.app.ui.see(second.app.contacts.row('Beatrix Lake'));
  await ui.click(the('button', 'Undo'));
  await ui.see(the('heading', 'Bea Lake'));

  await ui.click(the('button', 'Delete'));
  await ui.seeNo(contacts.row('Bea Lake'));
  await ui.click(the('button', 'Undo'));
  await ui.see(contacts.row('Bea Lake'));
  await second.app.ui.see(second.app.contacts.row('Bea Lake'));
});

test('recipients are completed by keys alone, and a group becomes its people', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const carol = await world.member('carol');
  const { ui, contacts, compose } = alice.app;
  await contacts.open();
  await contacts.make({ name: 'Robert Lake', address: bob.username });
  await contacts.make({ name: 'Caroline Lake', address: carol.username });
  await contacts.makeGroup('Choir');
  await ui.click(the('button', 'Add people'));
  const picker = the('dialog', 'Add people');
  await ui.click(the('option', 'Robert Lake', picker));
  await ui.click(the('option', 'Caroline Lake', picker));
  await ui.click(the('button', 'Done', picker));
  await ui.see(contacts.row('Robert Lake'));
  await ui.click(the('link', 'Back to mail'));

  await compose.open();
  await ui.fill(compose.to, 'la');
  await ui.see(the('option', /Robert/));
  await ui.see(the('option', /Caroline/));
  await ui.press('ArrowDown');
  await ui.press('Enter');
  await ui.see(words('Robert Lake', compose.dialog));
  await ui.see(words(/will be encrypted/, compose.dialog));
  // Who is there already is not suggested again.
  await ui.fill(compose.to, 'la');
  await ui.see(the('option', /Caroline/));
  await ui.seeNo(the('option', /Robert/));
  await ui.press('Escape');
  await ui.seeNo(the('option', /Caroline/));
  await ui.see(compose.dialog);
  await ui.fill(compose.to, '');
  await ui.click(the('button', `Remove ${bob.username}@localhost`));

  await ui.fill(compose.to, 'choi');
  await ui.see(the('option', /Choir/));
  await ui.press('Enter');
  await ui.see(words('Robert Lake', compose.dialog));
  await ui.see(words('Caroline Lake', compose.dialog));
  await ui.fill(compose.subject, 'On Wednesday');
  await ui.fill(compose.text, 'At eight.');
  await compose.sendAsIs();
  await bob.app.mail.openMessage('On Wednesday');
  await carol.app.mail.openMessage('On Wednesday');
});

test('an author is taken into the contacts, and is called by that name from then on', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, mail, contacts, reader } = alice.app;
  await bob.app.compose.send({ to: alice.username, subject: 'Hello', text: 'It is me.' });
  await mail.openMessage('Hello');
  await ui.click(the('button', `Add ${bob.username}@localhost to contacts`));
  await ui.click(the('button', `Open ${bob.username}@localhost in contacts`));
  await ui.click(the('button', 'Edit'));
  await ui.fill(field('Name'), 'Bob of the boats');
  await ui.click(the('button', 'Save'));
  await ui.see(the('heading', 'Bob of the boats'));
  await ui.see(contacts.verifyButton);
  await ui.click(the('link', 'Back to mail'));
  await mail.openMessage('Hello');
  await ui.see(words('Bob of the boats', reader.region));
});

test('two people compare safety numbers, and a verified key that changes stops everything', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.newcomer('bob');
  const { ui, mail, contacts, compose, reader } = alice.app;
  await alice.app.contacts.open();
  // Called by their user names, so that a recipient reads the same before and after it is looked up.
  await contacts.make({ name: bob.username, address: bob.username });
  await bob.app.contacts.open();
  await bob.app.contacts.make({ name: alice.username, address: alice.username });
  await bob.app.ui.click(bob.app.contacts.verifyButton);
  const number = await bob.app.ui.textOf(bob.app.contacts.safetyNumber);

  await ui.see(words(/not verified/));
  await ui.click(contacts.verifyButton);
  await ui.fill(
    contacts.theirs,
    number.replace(/\d/, (digit) => `${(Number(digit) + 1) % 10}`),
  );
  await ui.see(words(/^The numbers are different/));
  await ui.press('Escape');
  await contacts.verify(number);
  await ui.see(words(/Verified on/));
  await ui.click(the('link', 'Back to mail'));

  await compose.send({ to: bob.username, subject: 'Hello', text: 'It is me.' });
  await bob.app.ui.press('Escape');
  await bob.app.ui.click(the('link', 'Back to mail'));
  await bob.app.compose.send({ to: alice.username, subject: 'Hello back', text: 'And me.' });
  await mail.openMessage('Hello back');
  await ui.see(words("You compared this sender's key.", reader.region));
  await compose.open();
  await ui.fill(compose.to, bob.username);
  await ui.press('Enter');
  await ui.see(words(/key verified/, compose.dialog));
  await ui.click(compose.discardButton);

  await poisonDirectory(world.site, 'changed', `${bob.username}@localhost`);
  await compose.open();
  await compose.write({ to: bob.username, subject: 'Secret plan', text: 'Tell nobody.' });
  await ui.seeText(the('alert', undefined, compose.dialog), /Stop: the verified key/);
  await ui.click(the('button', 'Compare safety numbers', compose.dialog));
  await ui.fill(contacts.theirs, number);
  await ui.see(words(/^The numbers are different/));
  await ui.press('Escape');
  await ui.click(the('button', 'Accept without comparing', compose.dialog));
  await ui.seeNo(the('alert', undefined, compose.dialog));
  await ui.see(words(/will be encrypted/, compose.dialog));
  await ui.seeNo(words(/key verified/, compose.dialog));
  await ui.click(compose.discardButton);

  await contacts.open();
  await ui.click(contacts.row(bob.username));
  await ui.see(words(/not verified/));
  await ui.click(words('Keys before this one'));
  await ui.see(words('was verified'));
});
