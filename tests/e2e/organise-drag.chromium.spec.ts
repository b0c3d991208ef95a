import { test } from '../support/test.ts';
import { ChromiumTab } from '../support/ui/chromium.ts';
import { the, words } from '../support/ui/target.ts';

test('messages are dragged to a folder and to a label, selected ranges with them', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, mail, organise } = alice.app;
  if (!(ui instanceof ChromiumTab)) throw new Error('this is for Chromium');
  for (const subject of ['One', 'Two', 'Three', 'Four']) {
    await bob.app.compose.send({ to: alice.username, subject, text: 'To be dragged.' });
  }
  await organise.makeFolder('Work');
  await organise.makeLabel('Urgent', 'Orange');
  await ui.seeCount(mail.anyRow, 4);
  const row = (subject: string) =>
    ui.page.getByRole('list', { name: 'Messages' }).getByRole('link', { name: subject });

  await row('Four').dragTo(ui.page.getByRole('link', { name: 'Urgent', exact: true }));
  await ui.see(words('Urgent', mail.row('Four')));
  await ui.click(organise.box('Three'));
  await ui.page.getByRole('checkbox', { name: 'Select One' }).click({ modifiers: ['Shift'] });
  await organise.seeSelected(3);
  await row('Two').dragTo(ui.page.getByRole('link', { name: 'Work', exact: true }));
  await ui.seeCount(mail.anyRow, 1);
  await ui.click(organise.folder('Work'));
  await ui.seeCount(mail.anyRow, 3);

  // What the pointer does on a row, it does without a drag as well.
  await row('Two').hover();
  await ui.click(the('button', 'Archive', mail.row('Two')));
  await ui.seeCount(mail.anyRow, 2);
});
