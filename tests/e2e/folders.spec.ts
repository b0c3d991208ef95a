import { test } from '../support/test.ts';
import { the } from '../support/ui/target.ts';

test('a message goes to the archive, to the trash, back, and away for good', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, mail, reader, compose } = alice.app;
  const bob = await world.member('bob');
  const subject = 'Round trip';
  await bob.app.compose.send({ to: alice.username, subject, text: 'Here and back.' });

  for (const [button, folder] of [
    [reader.archiveButton, 'Archive'],
    [reader.trashButton, 'Trash'],
    [reader.toInboxButton, 'Inbox'],
    [reader.trashButton, 'Trash'],
  ] as const) {
    await mail.openMessage(subject);
    await reader.shows(subject, 'Here and back.');
    await ui.click(button);
    await ui.seeNo(mail.row(subject));
    await mail.openFolder(folder);
    await ui.see(mail.row(subject));
  }
  await mail.openMessage(subject);
  await ui.click(reader.deleteButton);
  await ui.click(the('button', 'Delete for good', the('dialog', 'Delete for good?')));
  await ui.seeNo(mail.row(subject));
  await ui.reload();
  await mail.isOpen();
  await ui.seeNo(mail.row(subject));
  await ui.seeNo(compose.dialog);
});

test('moving a message can be undone', async ({ world }) => {
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  const { ui, mail, reader } = alice.app;
  await bob.app.compose.send({ to: alice.username, subject: 'Hasty', text: 'Not so fast.' });
  await mail.openMessage('Hasty');
  await ui.click(reader.trashButton);
  await ui.seeNo(mail.row('Hasty'));
  await ui.click(the('button', 'Undo'));
  await ui.see(mail.row('Hasty'));
});

test('a message can be marked unread and starred, and stays so', async ({ world }) => {
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  const { ui, mail, reader } = alice.app;
  const unread = the('listitem', /^Unread.*Mark me/, mail.list);
  await bob.app.compose.send({ to: alice.username, subject: 'Mark me', text: 'Please.' });
  await mail.openMessage('Mark me');
  await reader.shows('Mark me', 'Please.');
  await ui.seeNo(unread);
  await ui.click(the('button', 'Star', reader.region));
  await ui.click(reader.unreadButton);
  await ui.see(unread);
  await ui.reload();
  await mail.isOpen();
  await ui.see(unread);
  await ui.see(the('button', 'Star', unread));
});
