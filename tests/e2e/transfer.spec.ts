import { expect, test } from '../support/test.ts';
import { file, mbox, messageOf } from '../support/mbox.ts';
import { words } from '../support/ui/target.ts';
import type { Ui } from '../support/ui/ui.ts';

test.setTimeout(300_000);

/** Takes away the way to write files as they come: what is given out is collected then, as in Firefox. */
async function collects(ui: Ui): Promise<void> {
  await ui.evaluate(() => void Reflect.deleteProperty(window, 'showSaveFilePicker'));
}

test('hundreds of messages come in once, as they were filed, and what is broken is told of', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const { ui, mail, reader, transfer, settings } = alice.app;
  const archive = mbox(300) + messageOf(7) + 'From x Wed Jan  3 01:05:34 1996\nno header at all\n\n';
  await transfer.begin(file('old.mbox', archive), file('one.eml', messageOf(500).replace(/^From .*\n/, '')));
  // It goes on while one does something else.
  await settings.backToMail();
  await mail.openFolder('Archive');
  await transfer.imported();
  await ui.seeText(transfer.panel, '301 messages imported');
  await ui.seeText(transfer.panel, '1 was here already');
  await ui.seeText(transfer.panel, '1 could not be read and is set aside');
  await ui.click(words('What was set aside', transfer.panel));
  await ui.seeText(transfer.panel, 'old.mbox, message 302');
  await transfer.close();
  await mail.openMessage('Letter 500');
  await ui.seeText(reader.body, 'Text of letter 500');
  await ui.seeText(reader.status, /Brought in from a file/);

  // The same again, and by another device: nothing is new.
  const later = await world.logIn(alice);
  await later.app.transfer.begin(file('again.mbox', mbox(300)));
  await later.app.transfer.imported();
  await later.app.ui.seeText(later.app.transfer.panel, '0 messages imported');
  await later.app.ui.seeText(later.app.transfer.panel, '300 were here already');
});

test('an import that a reload ends goes on where it was', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, mail, transfer } = alice.app;
  const { proxy } = world.site;
  let uploads = 0;
  const held = new Promise<never>(() => undefined);
  proxy.interfere({
    method: 'POST',
    path: /\/blobs$/,
    alter: (answer) => ((uploads += 1) > 100 ? held : answer),
  });
  await transfer.begin(file('old.mbox', mbox(300)));
  await ui.seeText(transfer.panel, /[89]\d messages imported/);
  await expect.poll(() => uploads).toBeGreaterThan(100);
  await ui.reload();
  await mail.isOpen().catch(() => undefined);
  proxy.reset();
  uploads = 0;
  proxy.interfere({ method: 'POST', path: /\/blobs$/, alter: (answer) => ((uploads += 1), answer) });
  await ui.open('/mail');
  await mail.isOpen();
  await transfer.begin(file('old.mbox', mbox(300)));
  await transfer.imported();
  await ui.seeText(transfer.panel, /messages imported/);
  // Of those that were in before the reload none went up again.
  expect(uploads).toBeLessThan(250);
  await transfer.close();
  await collects(ui);
  const { text } = await transfer.export(/One mbox file/);
  expect(text.match(/^From bob@/gm)).toHaveLength(300);
});

test('what is given out is what came in', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, mail, reader, transfer, settings } = alice.app;
  await transfer.begin(file('old.mbox', mbox(20)));
  await transfer.imported();
  await transfer.close();
  await collects(ui);
  const out = await transfer.export(/One mbox file/);
  expect(out.name).toBe('mail.mbox');
  await ui.see(transfer.exportDone);
  await ui.seeText(transfer.panel, '20 messages exported');
  expect(out.text).toContain('Text of letter 3\n>From the start');
  await transfer.close();
  const zip = await transfer.export(/A zip of single messages/);
  expect(zip.name).toBe('mail.zip');
  for (const name of [
    'Archive/1996-01-02 Letter 1 of many.eml',
    'Archive/1996-01-02 Letter 19 of many.eml',
  ]) {
    expect(zip.text).toContain(name);
  }
  await ui.see(transfer.exportDone);
  await transfer.close();

  const bob = await world.newcomer('bob');
  await bob.app.transfer.begin(file(out.name, out.text));
  await bob.app.transfer.imported();
  await bob.app.ui.seeText(bob.app.transfer.panel, '20 messages imported');

  await settings.backToMail();
  await mail.openFolder('Archive');
  await mail.openMessage('Letter 3 ');
  await ui.seeText(reader.body, 'Text of letter 3');
  const one = await ui.savedBy(() => reader.more('Download message (.eml)'));
  expect(one.name).toBe('Letter 3 of many.eml');
  expect(one.text).toBe(
    messageOf(3)
      .replace(/^From .*\n/, '')
      .replace('>From', 'From')
      .replace(/\n\n$/, '\n')
      .replaceAll('\n', '\r\n'),
  );
});
