import { expect, test } from '../support/test.ts';
import { ATTACKS, enclosingEntity, htmlEntity, markOf } from '../support/attacks.ts';
import { deliverEntities, trustedDirectory } from '../support/mallory.ts';
import { Sink } from '../support/sink.ts';
import { the, words } from '../support/ui/target.ts';
import type { Member, World } from '../support/world.ts';

/** What mallory sends alice, in a mailbox of her own. */
async function received(world: World, entities: string[]): Promise<Member> {
  const alice = await world.newcomer('alice');
  await deliverEntities(world.site, world.unused('mallory').username, alice.username, entities);
  await alice.app.ui.seeCount(alice.app.mail.anyRow, entities.length);
  return alice;
}

test('formatted mail of every hostile kind is shown, runs nothing and asks for nothing', async ({
  world,
}) => {
  const sink = await Sink.start();
  const leak = (path: string) => sink.url(path);
  const subjects = Object.keys(ATTACKS);
  const entities = subjects.map((subject) => htmlEntity(subject, ATTACKS[subject]?.(leak) ?? ''));
  const alice = await received(world, entities);
  const { mail, reader, ui } = alice.app;
  for (const subject of subjects) {
    await test.step(subject, async () => {
      await mail.openMessage(subject);
      await reader.showsFormatted(markOf(subject));
      const [part] = await reader.formatted();
      expect(part?.sandbox).toEqual([
        'allow-same-origin allow-popups allow-popups-to-escape-sandbox',
        'allow-popups allow-popups-to-escape-sandbox',
      ]);
      const body = (part?.markup ?? '').split('</style></head>')[1] ?? '';
      expect(body).not.toMatch(
        /<(?!\/?(?:a|b|body|br|div|hr|html|img|li|p|table|tbody|td|tr|ul)\b)|\son\w+\s*=|javascript:/i,
      );
      expect(part?.markup, 'addresses that a browser would fetch').not.toMatch(
        /(?:src|url\(|background=|@import)[^>]*127\.0\.0\.1/i,
      );
      expect(await ui.textOf(reader.region)).not.toMatch(/undefined|\[object/);
    });
  }
  expect(sink.asked).toEqual([]);
  await sink.close();
});

test('parts that try to enclose each other are shown apart', async ({ world }) => {
  const sink = await Sink.start();
  const subject = 'EFAIL';
  const alice = await received(world, [enclosingEntity(subject, (path) => sink.url(path))]);
  const { mail, reader, ui } = alice.app;
  await mail.openMessage(subject);
  await reader.showsFormatted(markOf(subject));
  await ui.seeText(reader.body, 'The secret is 1234.');
  const parts = await reader.formatted();
  expect(parts.length).toBe(4);
  expect(parts.filter(({ markup }) => markup.includes('1234'))).toEqual([]);
  const second = parts.filter(({ markup }) => markup.includes('5678'));
  expect(second.length).toBe(1);
  expect(second[0]?.markup).not.toContain(sink.host);
  expect(sink.asked).toEqual([]);
  await sink.close();
});

test('ten megabytes of nested tables are shown as text, and the page goes on', async ({ world }) => {
  // Firefox says so of what is nested deeper than it draws.
  world.faults.expect(/document tree is too deep/);
  const nested = '<table><tr><td>\r\n'.repeat(600_000);
  const alice = await received(world, [
    htmlEntity('Tables', nested),
    htmlEntity('Few tables', '<table><tr><td>'.repeat(5_000)),
  ]);
  const { mail, reader, ui } = alice.app;
  await mail.openMessage('Tables');
  await ui.seeText(reader.region, /formatting of this message is too large/);
  await ui.seeText(reader.body, markOf('Tables'));
  await mail.openFolder('Inbox');
  await mail.openMessage('Few tables');
  await reader.showsFormatted(markOf('Few tables'));
});

test('pictures from elsewhere are loaded when they are asked for, and links say where they lead', async ({
  world,
}) => {
  const sink = await Sink.start();
  const html = `<p>Hello</p><img src="${sink.url('pixel.png')}" width="20" height="20">
    <p><a href="https://evil.example/login">https://bank.example</a> and <a href="https://example.org/">honest</a></p>`;
  const alice = await received(world, [htmlEntity('Newsletter', html)]);
  const { mail, reader, ui } = alice.app;
  await mail.openMessage('Newsletter');
  await reader.showsFormatted(markOf('Newsletter'));
  await ui.seeText(reader.remote, sink.host);
  await ui.seeText(reader.remote, /not certain/);
  await ui.seeText(reader.body, /A link says “https:\/\/bank.example” and leads to evil.example/);
  const [before] = await reader.formatted();
  expect(before?.markup).not.toContain('pixel.png');
  expect(before?.markup).toMatch(
    /href="https:\/\/evil\.example\/login" target="_blank" rel="noopener noreferrer"/,
  );
  expect(before?.markup).toContain('⚠ evil.example');
  expect(sink.asked).toEqual([]);

  // The place has no certificate that a browser would take: that somebody asked is all there is to see.
  world.faults.expect(/ERR_SSL|ERR_CERT|ERR_EMPTY_RESPONSE|ERR_CONNECTION/);
  await ui.click(reader.showPicturesButton);
  await reader.showsFormatted(markOf('Newsletter'));
  await expect.poll(() => sink.asked.length).toBeGreaterThan(0);
  expect(sink.asked.every((line) => line === 'tls')).toBe(true);
  const [after] = await reader.formatted();
  expect(after?.markup).toContain(`https://${sink.host}/pixel.png`);
  await ui.click(reader.plainButton);
  await ui.seeText(reader.body, 'Hello');
  expect(await reader.formatted()).toEqual([]);
  await ui.click(reader.formattedButton);
  await reader.showsFormatted(markOf('Newsletter'));
  await sink.close();
});

test('pictures from a sender who is verified are always shown once that was asked for, until it is taken back', async ({
  world,
}) => {
  const sink = await Sink.start();
  const alice = await world.newcomer('alice');
  const { username } = world.unused('mallory');
  const entity = (subject: string) =>
    htmlEntity(subject, `<img src="${sink.url('pixel.png')}" width="20" height="20">`).replace(
      /^From: .*$/m,
      `From: ${username}@localhost`,
    );
  const entities = [entity('Newsletter'), entity('Second newsletter')];
  const delivered = deliverEntities(world.site, username, alice.username, entities);
  trustedDirectory(world.site, delivered);
  await delivered;
  const { mail, reader, ui } = alice.app;
  await ui.seeCount(mail.anyRow, 2);
  const markup = async () => (await reader.formatted())[0]?.markup ?? '';
  const open = async (subject: string) => {
    await mail.openFolder('Inbox');
    await mail.openMessage(subject);
    await reader.showsFormatted(markOf(subject));
    await ui.seeText(reader.status, /Verified/);
  };
  await open('Second newsletter');
  expect(await markup()).not.toContain('pixel.png');
  expect(sink.asked).toEqual([]);

  // The place has no certificate that a browser would take: that somebody asked is all there is to see.
  world.faults.expect(/ERR_SSL|ERR_CERT|ERR_EMPTY_RESPONSE|ERR_CONNECTION/);
  await ui.click(the('button', 'Always for this sender', reader.remote));
  await expect.poll(markup).toContain('pixel.png');
  await expect.poll(() => sink.asked.length).toBeGreaterThan(0);
  await ui.reload();
  await mail.isOpen();
  await open('Newsletter');
  await expect.poll(markup).toContain('pixel.png');
  await ui.click(the('button', 'Ask again for this sender', reader.remote));
  await open('Second newsletter');
  await ui.see(the('button', 'Always for this sender', reader.remote));
  expect(await markup()).not.toContain('pixel.png');
  await sink.close();
});

test('quoted text is folded, formatted or plain, and unfolds', async ({ world }) => {
  const formatted = '<p>Yes, gladly.</p><blockquote type="cite">Shall we dine?</blockquote>';
  const header = ['From: mallory@localhost', 'Reply-To: trudy@elsewhere.example', 'Subject: Plain'];
  const plain = [...header, '', 'Yes, gladly.', '', '> Shall we dine?', ''];
  const entity = htmlEntity('Formatted', formatted).replace(
    /<p>This is the message[^<]*<\/p>|<p>The end\.<\/p>/g,
    '',
  );
  const alice = await received(world, [entity, plain.join('\r\n')]);
  const { mail, reader, ui } = alice.app;
  await mail.openMessage('Formatted');
  await reader.showsFormatted('Yes, gladly.');
  expect((await reader.formatted())[0]?.markup).not.toContain('Shall we dine?');
  await ui.click(reader.showQuoteButton);
  await reader.showsFormatted('Shall we dine?');
  await mail.openFolder('Inbox');
  await mail.openMessage('Plain');
  await ui.seeText(reader.body, 'Yes, gladly.');
  await ui.seeText(reader.region, 'Answers go to trudy@elsewhere.example');
  expect(await ui.textOf(reader.body)).not.toContain('Shall we dine?');
  await ui.click(reader.showQuoteButton);
  await ui.seeText(reader.body, 'Shall we dine?');
  await ui.click(reader.hideQuoteButton);
});

test('a link to write to somebody begins a message', async ({ world }) => {
  const link =
    'mailto:carol@elsewhere.example?cc=dave@elsewhere.example&subject=Tea%20%26%20cake&body=Yes.%0D%0ANo';
  const asked = { to: 'carol@elsewhere.example', subject: 'Tea & cake', text: 'Yes.\nNo' };
  const html = `<p><a href="${link.replaceAll('&', '&amp;')}">Write to Carol</a></p>`;
  const alice = await received(world, [htmlEntity('Formatted', html)]);
  const { compose, mail, reader, ui } = alice.app;
  await compose.send({ to: alice.username, subject: 'Plain', text: `Write to ${link}` });
  await mail.openMessage('Plain');
  await ui.click(the('link', link, reader.body));
  await compose.holds(asked);
  await ui.see(words('dave@elsewhere.example', compose.dialog));
  await ui.click(compose.closeButton);

  await mail.openFolder('Inbox');
  await mail.openMessage('Formatted');
  await reader.showsFormatted(markOf('Formatted'));
  const [part] = await reader.formatted();
  const href = /<a[^>]* href="([^"]*)"/.exec(part?.markup ?? '')?.[1]?.replaceAll('&amp;', '&') ?? '';
  const { pathname, hash } = new URL(href);
  expect(hash).toBe(`#${link}`);
  const other = await alice.app.sibling();
  await other.ui.open(pathname + hash);
  await other.compose.holds(asked);
  await other.ui.at('/mail');
  await other.ui.click(other.compose.closeButton);
  await other.ui.reload();
  await other.mail.isOpen();
  await other.ui.seeNo(other.compose.dialog);
});
