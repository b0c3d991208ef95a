import { expect, test } from '../support/test.ts';
import { the, words } from '../support/ui/target.ts';
import type { Member, World } from '../support/world.ts';

const SUBJECTS = ['Alpha', 'Beta', 'Gamma'];

async function withMail(world: World): Promise<Member> {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  for (const subject of SUBJECTS) {
    await bob.app.compose.send({ to: alice.username, subject, text: `This is ${subject}.` });
  }
  await alice.app.ui.seeCount(alice.app.mail.anyRow, SUBJECTS.length);
  return alice;
}

test('many messages are archived, read, starred and thrown away at once, and all of it undone', async ({
  world,
}) => {
  const alice = await withMail(world);
  const { ui, mail, organise } = alice.app;
  const unread = (subject: string) => the('listitem', new RegExp(`^Unread.*${subject}`), mail.list);

  await organise.select('Alpha', 'Beta');
  await ui.click(the('button', 'Mark as read', organise.bar));
  await ui.seeNo(unread('Alpha'));
  await ui.see(unread('Gamma'));
  await ui.click(organise.undoButton);
  await ui.see(unread('Alpha'));
  await ui.see(unread('Beta'));

  await organise.seeSelected(2);
  await ui.click(the('button', 'Star', organise.bar));
  await ui.seeText(the('status'), '2 messages starred');
  await ui.click(the('button', 'Archive', organise.bar));
  await ui.seeText(the('status'), '2 messages moved to Archive');
  await ui.seeCount(mail.anyRow, 1);
  await organise.seeSelected(0);
  // The latest first, by the key: out of the archive, and then the stars.
  await ui.press('z');
  await ui.seeCount(mail.anyRow, 3);
  await ui.press('z');
  const stars = () => ui.evaluate(() => document.querySelectorAll('ul [aria-pressed="true"]').length);
  await expect.poll(stars, { message: 'stars' }).toBe(0);

  const second = await world.logIn(alice);
  await second.app.ui.seeCount(second.app.mail.anyRow, 3);
});

test('spam goes to Spam and back, and Trash is emptied when that is confirmed', async ({ world }) => {
  const { app } = await withMail(world);
  const { ui, mail, organise } = app;
  await organise.select('Beta');
  await ui.click(the('button', 'Spam', organise.bar));
  await ui.seeNo(mail.row('Beta'));
  await mail.openFolder('Spam');
  await organise.select('Beta');
  await ui.click(the('button', 'Not spam', organise.bar));
  await ui.seeNo(mail.row('Beta'));
  await mail.openFolder('Inbox');
  await ui.see(mail.row('Beta'));

  await ui.click(organise.selectAll);
  await organise.seeSelected(3);
  await ui.click(the('button', 'Move to Trash', organise.bar));
  await ui.seeNo(mail.anyRow);
  await mail.openFolder('Trash');
  await ui.click(the('button', 'Empty Trash'));
  const dialog = the('dialog', 'Empty Trash?');
  await ui.click(the('button', 'Keep them', dialog));
  await ui.seeCount(mail.anyRow, 3);
  await ui.click(the('button', 'Empty Trash'));
  await ui.click(the('button', 'Delete all for good', dialog));
  await ui.seeNo(mail.anyRow);
  await ui.reload();
  await ui.see(words('Nothing in Trash'));
});
