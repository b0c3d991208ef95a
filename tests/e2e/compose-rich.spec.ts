import { expect, test } from '../support/test.ts';
import { field, the } from '../support/ui/target.ts';

test('formatted text is written, kept as a draft, sent, read as it was formatted, and quoted', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, compose, mail } = alice.app;
  const bar = the('toolbar', 'Formatting', compose.dialog);
  await compose.open();
  await compose.write({ to: bob.username, subject: 'With care', text: '' });
  await ui.click(compose.text);
  await ui.click(the('button', 'Bold', bar));
  await ui.type('Strong words');
  await ui.press('Enter');
  await ui.click(the('button', 'Bold', bar));
  await ui.click(the('button', 'Bulleted list', bar));
  await ui.type('first point');
  await ui.press('Enter');
  await ui.type('second point');
  await ui.click(compose.closeButton);
  await ui.seeNo(compose.dialog);

  await mail.openFolder('Drafts');
  await mail.openMessage('With care');
  await ui.seeValue(compose.text, 'Strong words\nfirst point\nsecond point');
  await ui.click(compose.text);
  await compose.sendAsIs();

  const reader = bob.app.reader;
  await bob.app.mail.openMessage('With care');
  await reader.showsFormatted('first point');
  const [part] = await reader.formatted();
  expect(part?.markup).toMatch(/<strong>Strong words<\/strong>/);
  expect(part?.markup).toMatch(/<ul>.*<li>/s);
  await bob.app.ui.click(reader.plainButton);
  await bob.app.ui.seeText(reader.body, '- second point');

  await bob.app.ui.click(reader.replyButton);
  await bob.app.ui.seeFocused(bob.app.compose.text);
  await bob.app.ui.type('Agreed.');
  await bob.app.compose.sendAsIs();
  await mail.openFolder('Inbox');
  await mail.openMessage('Re: With care');
  await alice.app.reader.showsFormatted('Agreed.');
});

test('a link is set by its address, and nothing is lost without a word', async ({ world }) => {
  const alice = await world.member('alice');
  const { ui, compose } = alice.app;
  const bar = the('toolbar', 'Formatting', compose.dialog);
  await compose.open();
  await ui.fill(compose.text, 'Plain so far');
  await ui.click(the('button', 'Link', bar));
  const dialog = the('dialog', 'Link');
  const address = field('Address of a page, or of mail', dialog);
  await ui.fill(address, 'javascript:alert(1)');
  await ui.click(the('button', 'Set the link', dialog));
  await ui.seeDescription(address, /no address of a page/);
  await ui.fill(address, 'example.org/a');
  await ui.click(the('button', 'Set the link', dialog));
  await ui.seeNo(dialog);
  await ui.see(the('link', 'https://example.org/a', compose.dialog));
  await ui.click(the('button', 'Plain text', bar));
  const question = the('dialog', 'Change to plain text?');
  await ui.click(the('button', 'Keep the formatting', question));
  await ui.see(the('link', 'https://example.org/a', compose.dialog));
  await ui.click(the('button', 'Plain text', bar));
  await ui.click(the('button', 'Change to plain text', question));
  await ui.seeNo(bar);
  await ui.click(the('button', 'Format the text', compose.dialog));
  await ui.see(bar);
  await ui.click(compose.discardButton);
  await ui.seeNo(compose.dialog);
});

test('what is not formatted goes out as plain text alone', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  await alice.app.compose.send({ to: bob.username, subject: 'Plain', text: 'One line.\n\nAnother.' });
  await bob.app.mail.openMessage('Plain');
  await bob.app.reader.shows('Plain', 'Another.');
  await bob.app.ui.seeNo(bob.app.reader.plainButton);
  const text = await bob.app.ui.textOf(bob.app.reader.body);
  expect(text.split(/\s+/).join(' ').trim()).toBe('One line. Another.');
});
