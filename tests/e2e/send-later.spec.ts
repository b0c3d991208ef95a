import { test } from '../support/test.ts';
import { the, words } from '../support/ui/target.ts';

test('a message waits in Scheduled, can be written on, and goes out at once when it is asked to', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, compose, mail } = alice.app;
  const message = { to: bob.username, subject: 'Not before Monday', text: 'There is time.' };
  await compose.open();
  await compose.write(message);
  await ui.click(the('button', 'Send later', compose.dialog));
  const times = the('dialog', 'Send at');
  await ui.click(the('button', /^Tomorrow/, times));
  await ui.seeNo(compose.dialog);

  await mail.openFolder('Scheduled');
  await ui.seeText(mail.row(message.subject), /Goes out/);
  await mail.openMessage(message.subject);
  const waiting = the('dialog', 'Waits to be sent');
  await ui.click(the('button', 'Edit', waiting));
  await compose.holds(message);
  await ui.seeNo(mail.row(message.subject));
  await ui.fill(compose.text, 'There was time.');
  await ui.click(the('button', 'Send later', compose.dialog));
  await ui.click(the('button', /^Tomorrow/, times));
  await ui.seeNo(compose.dialog);
  await bob.app.ui.seeNo(bob.app.mail.row(message.subject));

  await mail.openMessage(message.subject);
  await ui.click(the('button', 'Send now', waiting));
  await ui.seeText(the('status'), 'Message sent');
  await ui.seeNo(mail.row(message.subject));
  await bob.app.mail.openMessage(message.subject);
  await bob.app.reader.shows(message.subject, 'There was time.');
  await mail.openFolder('Sent');
  await ui.see(mail.row(message.subject));
});

test('a message that waits can be brought back at once', async ({ world }) => {
  const alice = await world.member('alice');
  const { ui, compose } = alice.app;
  const message = { to: alice.username, subject: 'On second thought', text: 'Better not.' };
  await compose.open();
  await compose.write(message);
  await ui.click(the('button', 'Send later', compose.dialog));
  await ui.click(the('button', /^Tomorrow/, the('dialog', 'Send at')));
  await ui.seeNo(compose.dialog);
  await ui.click(the('button', 'Undo'));
  await compose.holds(message);
  await ui.click(compose.discardButton);
  await ui.seeNo(compose.dialog);
  await ui.seeNo(words('Better not.'));
});
