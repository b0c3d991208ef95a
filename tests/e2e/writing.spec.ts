import { test } from '../support/test.ts';
import type { App } from '../support/pages/app.ts';
import { field, the, words } from '../support/ui/target.ts';

test('a new message ends with the signature that was chosen, and with another or none if one likes', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const { ui, compose, mail, reader, settings } = alice.app;
  await settings.open('Writing');
  await settings.addSignature('Home', 'Alice of the lake');
  await settings.addSignature('Work', 'Alice, boathouse keeper');
  await ui.select(field('For new messages'), 'Home');
  await settings.isSaved('Signatures');
  await settings.backToMail();

  await compose.open();
  await ui.seeText(compose.text, 'Alice of the lake');
  await pick(alice.app, 'Work');
  await ui.seeText(compose.text, 'Alice, boathouse keeper');
  await pick(alice.app, 'No signature');
  await ui.seeNo(words(/boathouse/, compose.dialog));
  await pick(alice.app, 'Home');
  await compose.addTo(alice.username);
  await ui.fill(compose.subject, 'Signed by hand');
  await compose.sendAsIs();
  await mail.openMessage('Signed by hand');
  await reader.shows('Signed by hand', 'Alice of the lake');
});

async function pick({ ui, compose }: App, signature: string): Promise<void> {
  await ui.click(the('button', 'Signature', compose.dialog));
  await ui.click(the('menuitem', signature));
}

test('what was just sent is called back while it still can be, and goes out by itself when it is not', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, compose, mail, settings } = alice.app;
  await settings.open('Writing');
  await ui.click(field('5 seconds'));
  await settings.isSaved('Undo send');
  await settings.backToMail();

  const letter = { to: bob.username, subject: 'Hold on', text: 'I take this back.' };
  await compose.open();
  await compose.write(letter);
  await ui.click(compose.sendButton);
  await ui.seeText(the('status'), 'Sending');
  await ui.click(the('button', 'Undo'));
  await compose.holds(letter);
  await ui.fill(compose.text, 'I stand by this.');
  await compose.sendAsIs();
  await bob.app.mail.openMessage(letter.subject);
  await bob.app.reader.shows(letter.subject, 'I stand by this.');
  await bob.app.ui.seeCount(bob.app.mail.row(letter.subject), 1);
  await mail.openFolder('Sent');
  await ui.seeCount(mail.row(letter.subject), 1);
});

test('two tabs of one browser write and send at the same time, each its own message, once', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const other = await alice.app.sibling();
  await other.ui.open('/mail');
  await other.mail.isOpen();
  const letters = [
    [alice.app, { to: bob.username, subject: 'From the left', text: 'Port.' }],
    [other, { to: bob.username, subject: 'From the right', text: 'Starboard.' }],
  ] as const;
  for (const [{ compose }, letter] of letters) {
    await compose.open();
    await compose.write(letter);
  }
  for (const [{ ui, compose }] of letters) await ui.click(compose.sendButton);
  for (const [{ ui, compose, mail }, letter] of letters) {
    await ui.seeNo(compose.dialog);
    await bob.app.mail.openMessage(letter.subject);
    await bob.app.reader.shows(letter.subject, letter.text);
    await bob.app.mail.openFolder('Inbox');
    await bob.app.ui.seeCount(bob.app.mail.row(letter.subject), 1);
    await mail.openFolder('Sent');
    for (const [, { subject }] of letters) await ui.seeCount(mail.row(subject), 1);
    await mail.openFolder('Drafts');
    for (const [, { subject }] of letters) await ui.seeNo(mail.row(subject));
  }
});

test('whoever is held back from sending goes on in the text, and what is typed does nothing to the mail', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const { ui, compose, mail } = alice.app;
  await compose.send({ to: alice.username, subject: 'Tides', text: 'High at noon.' });
  await ui.see(mail.row('Tides'));
  await mail.openMessage('Tides');
  await compose.open();
  await compose.write({ to: alice.username, subject: 'Ropes', text: 'They are attached' });
  await ui.press('Control+Enter');
  await ui.see(the('button', 'Send without it'));
  await ui.seeFocused(compose.text);
  await ui.type('e#');
  await ui.seeText(compose.text, /e#/);
  await ui.click(compose.closeButton);
  await ui.seeNo(compose.dialog);
  await ui.see(mail.row('Tides'));
});
