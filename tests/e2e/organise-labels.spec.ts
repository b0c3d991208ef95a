import { test } from '../support/test.ts';
import { the, words } from '../support/ui/target.ts';

test('a label is given, shown, changed and deleted, in all sessions', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, mail, organise, reader } = alice.app;
  for (const subject of ['First bill', 'Second bill']) {
    await bob.app.compose.send({ to: alice.username, subject, text: 'Due in May.' });
  }
  await organise.makeLabel('Urgent', 'Red');
  await organise.select('First bill', 'Second bill');
  await ui.click(the('button', 'Label', organise.bar));
  const dialog = the('dialog', 'Label 2 messages');
  await organise.choose('Urgent');
  await ui.see(words('Urgent', mail.row('First bill')));
  await ui.click(the('button', 'Done', dialog));

  // A label that is not there is made on the way.
  await ui.click(the('button', 'Label', organise.bar));
  await organise.choose('Tax');
  await organise.name(the('dialog', 'New label'), 'Tax 2026', 'Make label');
  await ui.see(words('Tax 2026', mail.row('Second bill')));

  const second = await world.logIn(alice);
  await second.app.ui.click(second.app.organise.label('Tax 2026'));
  await second.app.ui.seeCount(second.app.mail.anyRow, 2);
  await second.app.mail.openMessage('First bill');
  await second.app.ui.see(words('Tax 2026', second.app.reader.region));

  await ui.click(the('button', 'Actions for Urgent'));
  await ui.click(the('menuitem', 'Rename or recolour'));
  const change = the('dialog', 'Change label');
  await ui.click(the('radio', 'Purple', change));
  await organise.name(change, 'By Friday', 'Save');
  await ui.see(words('By Friday', mail.row('First bill')));
  await second.app.ui.see(words('By Friday', second.app.reader.region));

  await ui.click(the('button', 'Actions for By Friday'));
  await ui.click(the('menuitem', 'Delete'));
  await ui.click(the('button', 'Delete label'));
  await ui.seeNo(organise.label('By Friday'));
  await ui.seeNo(words('By Friday', mail.row('First bill')));
  await ui.click(organise.undoButton);
  await ui.see(words('By Friday', mail.row('First bill')));
  await second.app.ui.see(words('By Friday', second.app.reader.region));
  await ui.seeText(organise.labels, /By Friday[\s\S]*Tax 2026/);

  await mail.openMessage('Second bill');
  await reader.shows('Second bill', 'Due in May.');
  await ui.see(words('Tax 2026', reader.region));
});
