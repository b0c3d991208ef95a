import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { choose, type GivenFile } from '../support/files.ts';
import { expect, test } from '../support/test.ts';
import { ChromiumTab } from '../support/ui/chromium.ts';
import { the, words } from '../support/ui/target.ts';
import type { Ui } from '../support/ui/ui.ts';

const NO_NETWORK = /Failed to load resource|ERR_|EventSource|connection|502/i;
const MB = 1_000_000;

function sha256(octets: Buffer): string {
  return createHash('sha256').update(octets).digest('hex');
}

function file(name: string, bytes: number, mimeType = 'application/octet-stream'): GivenFile {
  return { name, mimeType, buffer: randomBytes(bytes) };
}

function pageOf(ui: Ui) {
  if (!(ui instanceof ChromiumTab)) throw new Error('files are chosen in Chromium alone');
  return ui.page;
}

test('files go up while one writes, survive a lost connection and a reload, can be cancelled, and are sent', async ({
  world,
}) => {
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  world.faults.expect(NO_NETWORK);
  const { ui, compose, mail } = alice.app;
  const list = the('list', 'Attachments', compose.dialog);
  const [small, picture, large, unwanted] = [
    file('notes.txt', 1_000, 'text/plain'),
    file('übersicht 1.png', 2 * MB, 'image/png'),
    file('recording.wav', 30 * MB, 'audio/wav'),
    file('unwanted.bin', 20 * MB),
  ];
  await compose.open();
  await compose.write({ to: bob.username, subject: 'Four files', text: 'The files are attached.' });

  let pieces = 0;
  world.site.proxy.interfere({
    method: 'POST',
    path: /\/blobs$/,
    alter: (answer) => {
      pieces += 1;
      // In the middle of the large file.
      if (pieces === 5) world.site.proxy.cut();
      return answer;
    },
  });
  await choose(ui, small, picture, large, unwanted);
  await ui.seeText(list, /No connection; goes on by itself/);
  await ui.see(the('progressbar', `Upload of ${large.name}`, list));
  await ui.click(the('button', `Cancel ${unwanted.name}`, list));
  await ui.seeNo(words(unwanted.name, list));
  world.site.proxy.reset();
  await ui.see(the('button', `Remove ${large.name}`, list));
  // The one before what was cancelled has the focus since.
  await ui.seeFocused(the('button', `Remove ${large.name}`, list));
  await ui.see(words('Saved', compose.dialog));

  await ui.reload();
  await mail.openFolder('Drafts');
  await mail.openMessage('Four files');
  for (const { name } of [small, picture, large]) await ui.see(the('button', `Remove ${name}`, list));
  await ui.seeNo(words(unwanted.name, list));
  await compose.sendAsIs();

  await bob.app.mail.openMessage('Four files');
  await bob.app.reader.shows('Four files', 'The files are attached.');
  for (const { name, buffer } of [small, picture, large]) {
    const page = pageOf(bob.app.ui);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      bob.app.ui.click(the('button', `Download ${name}`, bob.app.reader.attachments)),
    ]);
    expect(download.suggestedFilename()).toBe(name);
    expect(sha256(await readFile(await download.path()))).toBe(sha256(buffer));
  }
});

test('dropped and pasted files are attached', async ({ world }) => {
  const alice = await world.member('alice');
  const { ui, compose } = alice.app;
  await compose.open();
  const page = pageOf(ui);
  for (const kind of ['drop', 'paste'] as const) {
    await page.locator('.window .ProseMirror').evaluate((target, kind) => {
      const data = new DataTransfer();
      data.items.add(new File([`by ${kind}`], `${kind}.txt`, { type: 'text/plain' }));
      const options = { bubbles: true, cancelable: true };
      const event =
        kind === 'drop'
          ? new DragEvent(kind, { ...options, dataTransfer: data })
          : new ClipboardEvent(kind, { ...options, clipboardData: data });
      target.dispatchEvent(event);
    }, kind);
    await ui.see(the('button', `Remove ${kind}.txt`, compose.dialog));
  }
  // What is removed leaves the focus to the other one, and the last one to the text.
  await ui.click(the('button', 'Remove drop.txt', compose.dialog));
  await ui.seeFocused(the('button', 'Remove paste.txt', compose.dialog));
  await ui.click(the('button', 'Remove paste.txt', compose.dialog));
  await expect(page.locator('.window .ProseMirror')).toBeFocused();
  await ui.click(compose.discardButton);
  await ui.seeNo(compose.dialog);
});

test('who writes that something is attached and attaches nothing is asked', async ({ world }) => {
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  const { ui, compose } = alice.app;
  await compose.open();
  await compose.write({ to: bob.username, subject: 'Forgotten', text: 'Siehe Anhang.' });
  await ui.click(compose.sendButton);
  await ui.seeText(compose.error, /You wrote “anhang”, but nothing is attached/);
  await ui.click(the('button', 'Send without it', compose.dialog));
  await ui.seeText(the('status'), 'Message sent');
  await ui.seeNo(compose.dialog);
});
