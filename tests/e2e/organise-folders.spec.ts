import { expect, test } from '../support/test.ts';
import { field, the, words } from '../support/ui/target.ts';

test('a folder is made, nested, renamed, filled and deleted, in all sessions', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, mail, organise, reader } = alice.app;
  await bob.app.compose.send({ to: alice.username, subject: 'To be filed', text: 'Somewhere.' });
  await organise.makeFolder('Work');
  await organise.makeFolder('Clients', 'Work');
  await organise.folderMenu('Clients', 'Rename');
  await organise.name(the('dialog', 'Rename folder'), 'Customers', 'Rename');

  const second = await world.logIn(alice);
  await second.app.ui.see(second.app.organise.folder('Customers'));

  await mail.openMessage('To be filed');
  await reader.shows('To be filed', 'Somewhere.');
  await ui.click(the('button', 'More actions', reader.region));
  await ui.click(the('menuitem', 'Move to folder'));
  await organise.choose('Customers');
  await ui.seeNo(mail.row('To be filed'));
  await second.app.ui.click(second.app.organise.folder('Customers'));
  await second.app.ui.see(second.app.mail.row('To be filed'));
  expect(second.app.ui.path(), 'a path holds an id and no name').toMatch(/^\/mail\/folder\/[0-9a-f]{32}$/);
  await second.app.ui.reload();
  await second.app.ui.see(second.app.mail.row('To be filed'));

  await organise.folderMenu('Work', 'Delete');
  const dialog = the('dialog', 'Delete folder?');
  await ui.see(words('The folder “Work” and the one inside it are deleted.', dialog));
  await ui.see(words('The messages in all of them go to Trash.', dialog));
  await ui.click(the('button', 'Delete folder', dialog));
  await ui.seeNo(organise.folder('Work'));
  await second.app.ui.seeNo(second.app.organise.folder('Customers'));
  await second.app.ui.see(words('This is no longer there'));

  // All of it comes back, in all sessions, once its name is free, and can be deleted again.
  await organise.makeFolder('Work');
  await ui.press('z');
  await ui.see(words(/Another one has that name by now/));
  await organise.folderMenu('Work', 'Rename');
  await organise.name(the('dialog', 'Rename folder'), 'Not that', 'Rename');
  await ui.press('z');
  await ui.click(organise.folder('Customers'));
  await ui.see(mail.row('To be filed'));
  await second.app.ui.click(second.app.organise.folder('Customers'));
  await second.app.ui.see(second.app.mail.row('To be filed'));
  await organise.folderMenu('Work', 'Delete');
  await ui.click(the('button', 'Delete folder', dialog));
  await ui.seeNo(organise.folder('Work'));
  // It was open, and is again.
  await ui.at('/mail');
  await ui.click(organise.undoButton);
  await ui.at(/^.mail.folder/);
  await ui.see(mail.row('To be filed'));
  await organise.folderMenu('Work', 'Delete');
  await ui.click(the('button', 'Delete folder', dialog));
  await ui.seeNo(organise.folder('Work'));

  // Where it was is gone: it comes back to the inbox.
  await mail.openFolder('Trash');
  await organise.select('To be filed');
  await ui.click(the('button', 'Move back', organise.bar));
  await ui.seeNo(mail.row('To be filed'));
  await mail.openFolder('Inbox');
  await ui.see(mail.row('To be filed'));
});

test('folders are put in order, and into each other', async ({ world }) => {
  const { app } = await world.newcomer('alice');
  const { ui, organise } = app;
  for (const name of ['One', 'Two', 'Three']) await organise.makeFolder(name);
  await organise.folderMenu('Three', 'Move up');
  await ui.see(the('button', 'Actions for Three'));
  await organise.folderMenu('Two', 'Move into another folder');
  await organise.choose('One');
  await ui.see(the('button', 'Hide folders in One'));
  await ui.click(the('button', 'Hide folders in One'));
  await ui.seeNo(organise.folder('Two'));
  await ui.reload();
  await ui.see(organise.folder('Two'));
  const order = await ui.textOf(app.mail.folders);
  expect(order.indexOf('Two')).toBeGreaterThan(order.indexOf('One'));
  expect(order.indexOf('Three')).toBeGreaterThan(order.indexOf('Two'));
});

test('a name that cannot be is refused beside its field', async ({ world }) => {
  const { app } = await world.newcomer('alice');
  const { ui, organise } = app;
  await organise.makeFolder('Work');
  await ui.click(the('button', 'New folder'));
  const dialog = the('dialog', 'New folder');
  for (const [name, why] of [
    ['', /Enter a name/],
    ['WORK', /one of this name here already/],
    ['Inbox', /one of this name here already/],
    ['x'.repeat(61), /at most 60 characters/],
    ['gnp\u202e.exe', /hidden characters/],
  ] as const) {
    await ui.fill(field('Name', dialog), name);
    await ui.click(the('button', 'Make folder', dialog));
    await ui.seeDescription(field('Name', dialog), why);
  }
  await ui.press('Escape');
  await ui.seeNo(dialog);
});
