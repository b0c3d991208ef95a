import { test } from '../support/test.ts';
import { the } from '../support/ui/target.ts';

test('messages are selected and put away by keys alone, while more mail comes', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, mail, organise } = alice.app;
  const send = (subject: string) =>
    bob.app.compose.send({ to: alice.username, subject, text: `This is ${subject}.` });
  const unread = (subject: string) => the('listitem', new RegExp(`^Unread.*${subject}`), mail.list);
  for (const subject of ['One', 'Two', 'Three']) await send(subject);
  await ui.seeCount(mail.anyRow, 3);

  // From the latest down.
  await mail.openMessage('Three');
  await ui.see(the('heading', 'Three', alice.app.reader.region));
  await ui.press('u');
  // Wherever the focus is: beside the open message.
  await ui.evaluate(() =>
    document.querySelector<HTMLElement>('#reader-title, [aria-label="Message"] button')?.focus(),
  );
  await ui.press('j');
  await ui.seeFocused(mail.link('Two'));
  await ui.press('k');
  await ui.seeFocused(mail.link('Three'));
  // What is written begins by a key, too.
  await ui.press('r');
  await ui.seeText(alice.app.compose.text, /wrote:[\s\S]*This is Three\./);
  await ui.press('Escape');
  await ui.seeNo(alice.app.compose.dialog);
  await ui.goBack();
  await ui.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await ui.press('j');
  await ui.seeFocused(mail.link('Three'));
  await ui.press('Shift+ArrowDown');
  await organise.seeSelected(2);
  await ui.press('Shift+ArrowDown');
  await organise.seeSelected(3);
  await ui.press('Shift+ArrowUp');
  await organise.seeSelected(2);

  // What is selected stays so, whatever comes.
  await send('Four');
  await ui.see(mail.row('Four'));
  await organise.seeSelected(2);
  await ui.press('x');
  await organise.seeSelected(1);
  await ui.press('*');
  await ui.press('a');
  await organise.seeSelected(4);
  await ui.press('*');
  await ui.press('n');
  await organise.seeSelected(0);

  await ui.press('s');
  await ui.seeText(the('status'), 'Star set');
  await ui.press('Shift+U');
  await ui.see(unread('Two'));
  await ui.press('u');
  await ui.seeNo(unread('Two'));
  await ui.press('e');
  await ui.seeNo(mail.row('Two'));
  // And the focus goes on to the next one.
  await ui.seeFocused(mail.link('One'));
  await ui.press('z');
  await ui.see(mail.row('Two'));
  await ui.seeText(the('status'), 'Undone: Moved to Archive');

  // So it does when where it goes was chosen.
  await ui.press('v');
  await organise.choose('Archive');
  await ui.seeNo(mail.row('Two'));
  await ui.seeFocused(mail.link('One'));
  await ui.press('z');
  await ui.see(mail.row('Two'));

  await ui.press('Control+a');
  await organise.seeSelected(4);
  await ui.press('l');
  await ui.see(the('dialog', 'Label 4 messages'));
  await ui.press('Escape');
  await ui.press('v');
  await organise.choose('Archive');
  await ui.seeNo(mail.anyRow);
  await ui.press('z');
  await ui.seeCount(mail.anyRow, 4);
  await ui.press('Control+a');
  await ui.press('!');
  await ui.seeNo(mail.anyRow);
  await mail.openFolder('Spam');
  await ui.seeCount(mail.anyRow, 4);
});
