import type { Answer } from '../support/proxy.ts';
import { test } from '../support/test.ts';
import { the, words } from '../support/ui/target.ts';

test('alice writes to bob, bob hears of it at once, reads it and replies', async ({ world }) => {
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  const subject = 'Lunch on Thursday';
  await alice.app.compose.send({ to: bob.username, subject, text: 'Shall we meet at noon?\nAt the quay.' });

  await bob.app.ui.see(bob.app.mail.row(subject));
  await bob.app.ui.see(
    the('listitem', new RegExp(`^Unread.*${alice.username}.*${subject}`), bob.app.mail.list),
  );
  await bob.app.mail.openMessage(subject);
  await bob.app.reader.shows(subject, 'Shall we meet at noon?');
  await bob.app.ui.seeText(bob.app.reader.region, alice.username);
  await bob.app.ui.seeNo(the('listitem', new RegExp(`^Unread.*${subject}`), bob.app.mail.list));

  await bob.app.ui.click(bob.app.reader.replyButton);
  await bob.app.ui.seeValue(bob.app.compose.subject, `Re: ${subject}`);
  await bob.app.ui.see(words(new RegExp(`^${alice.username}`), the('list', 'Recipients')));
  await bob.app.ui.fill(bob.app.compose.text, 'Noon it is.');
  await bob.app.compose.sendAsIs();

  await alice.app.mail.openMessage(`Re: ${subject}`);
  await alice.app.reader.shows(`Re: ${subject}`, 'Noon it is.');
});

test('what was sent is in Sent, and can be read there after a reload', async ({ world }) => {
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  await alice.app.compose.send({ to: bob.username, subject: 'For my records', text: 'Filed under ferns.' });
  await alice.app.mail.openFolder('Sent');
  await alice.app.ui.reload();
  await alice.app.mail.openMessage('For my records');
  await alice.app.reader.shows('For my records', 'Filed under ferns.');
});

test('text in other scripts, and what looks like markup, arrives as it was written', async ({ world }) => {
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  const subject = 'Grüße, 你好, שלום';
  const text = '<img src=x onerror=alert(1)> & <b>not bold</b> — 🦆\n> quoted\n-- \nAlice';
  await alice.app.compose.send({ to: bob.username, subject, text });
  await bob.app.mail.openMessage(subject);
  await bob.app.reader.shows(subject, '<img src=x onerror=alert(1)> & <b>not bold</b> — 🦆');
});

test('a text that is longer than the screen leaves its subject in view', async ({ world }) => {
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  const subject = 'The whole of chapter four';
  const text = Array.from({ length: 150 }, (_, line) => `Line ${line + 1} of the chapter.`).join('\n');
  await alice.app.compose.send({ to: bob.username, subject, text });
  await bob.app.mail.openMessage(subject);
  await bob.app.reader.shows(subject, 'Line 150 of the chapter.');
});

test('one message goes to several, with Cc shown to all and Bcc to none but the sender', async ({
  world,
}) => {
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  const carol = await world.newcomer('carol');
  const dave = await world.newcomer('dave');
  const subject = 'Minutes of the meeting';
  const message = { to: bob.username, cc: carol.username, bcc: dave.username, subject, text: 'All agreed.' };
  await alice.app.compose.send(message);

  for (const reader of [bob, carol, dave]) {
    await reader.app.mail.openMessage(subject);
    await reader.app.reader.shows(subject, 'All agreed.');
    await reader.app.ui.seeText(reader.app.reader.region, `To ${bob.username}@`);
    await reader.app.ui.seeText(reader.app.reader.region, `Cc ${carol.username}@`);
  }
  for (const reader of [bob, carol]) {
    await reader.app.ui.seeNo(words(new RegExp(dave.username), reader.app.reader.region));
  }
  await alice.app.mail.openFolder('Sent');
  await alice.app.mail.openMessage(subject);
  await alice.app.ui.seeText(alice.app.reader.region, `Bcc ${dave.username}@`);
});

test('an unknown recipient is said beside To, and nothing is lost', async ({ world }) => {
  const alice = await world.member('alice');
  const { ui, compose } = alice.app;
  const message = { to: world.unused('nobody').username, subject: 'Is anybody there', text: 'Hello?' };
  await compose.open();
  await compose.write(message);
  await ui.seeDescription(compose.to, /no account|unknown|not (here|found)|nobody/i);
  await ui.click(compose.sendButton);
  await ui.seeDescription(compose.to, /./);
  await compose.holds(message);
});

test('an address elsewhere and text that is no address are said beside To', async ({ world }) => {
  const alice = await world.member('alice');
  const { ui, compose } = alice.app;
  for (const [address, why] of [
    ['someone@elsewhere.example', /another server|elsewhere|outside|cannot/i],
    ['a b@@c', /address/i],
  ] as const) {
    await compose.open();
    await compose.addTo(address);
    await ui.seeDescription(compose.to, why);
    await ui.click(compose.discardButton);
    await ui.seeNo(compose.dialog);
  }
});

test('a message without a recipient is not sent', async ({ world }) => {
  const alice = await world.member('alice');
  const { ui, compose } = alice.app;
  await compose.open();
  await ui.fill(compose.text, 'To whom it may concern');
  await ui.click(compose.sendButton);
  await ui.seeDescription(compose.to, /./);
  await ui.seeValue(compose.text, 'To whom it may concern');
});

test('a message that the server refuses as too large is said so, and the text stays', async ({ world }) => {
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  world.faults.expect(/413/);
  const { ui, compose } = alice.app;
  const message = {
    to: bob.username,
    subject: 'War and Peace',
    text: 'Well, Prince, so Genoa and Lucca are now',
  };
  world.site.proxy.interfere({ method: 'POST', path: /\/blobs$/, alter: tooLarge });
  await compose.open();
  await compose.write(message);
  await ui.click(compose.sendButton);
  await ui.seeText(compose.error, /large|long|big/i);
  await compose.holds(message);
});

/** What the server answers above its limit. */
function tooLarge(): Answer {
  const problem = {
    type: 'urn:s-mail:problem:too-large',
    code: 'too-large',
    title: 'The request is too large.',
    status: 413,
    limit_bytes: 1024,
  };
  const headers = { 'content-type': 'application/problem+json' };
  return { status: 413, headers, body: Buffer.from(JSON.stringify(problem)) };
}

test('all are answered, a message is passed on, and nobody hears of Bcc', async ({ world }) => {
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  const carol = await world.newcomer('carol');
  const dave = await world.newcomer('dave');
  const subject = 'Who comes along?';
  const message = { to: bob.username, cc: carol.username, bcc: dave.username, subject, text: 'Say so.' };
  await alice.app.compose.send(message);

  const { ui, mail, reader, compose } = bob.app;
  await mail.openMessage(subject);
  await ui.click(reader.replyAllButton);
  await ui.see(words(new RegExp(`^${alice.username}`), the('list', 'Recipients')));
  await ui.see(words(new RegExp(`^${carol.username}`), the('list', 'Recipients')));
  await ui.seeNo(words(new RegExp(`^${dave.username}`), compose.dialog));
  await ui.fill(compose.text, 'I do.');
  await compose.sendAsIs();
  await carol.app.mail.openMessage(`Re: ${subject}`);
  await carol.app.reader.shows(`Re: ${subject}`, 'I do.');

  // Even the sender's own copy, which names all, does not tell when it is passed on.
  await alice.app.mail.openFolder('Sent');
  await alice.app.mail.openMessage(subject);
  await alice.app.ui.click(alice.app.reader.forwardButton);
  await alice.app.ui.seeValue(alice.app.compose.subject, `Fwd: ${subject}`);
  await alice.app.compose.addTo(carol.username);
  await alice.app.compose.sendAsIs();
  await carol.app.mail.openFolder('Inbox');
  await carol.app.mail.openMessage(`Fwd: ${subject}`);
  await carol.app.reader.shows(`Fwd: ${subject}`, 'Forwarded message');
  await carol.app.ui.seeText(carol.app.reader.body, `Cc: ${carol.username}`);
  await carol.app.ui.seeNo(words(new RegExp(dave.username), carol.app.reader.body));
});
