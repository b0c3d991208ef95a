import { expect, test } from '../support/test.ts';
import { deliverEntities } from '../support/mallory.ts';
import { the, words } from '../support/ui/target.ts';

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const ENTITY = [
  'From: mallory@localhost',
  'Subject: Files',
  'Date: Fri, 20 Nov 2026 10:00:00 +0000',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b; hp="cipher"',
  '',
  '--b',
  'Content-Type: text/html',
  '',
  '<p>See the picture: <img src="cid:pixel@x" alt="pixel" width="32" height="32"></p>',
  '--b',
  'Content-Type: image/png; name=pixel.png',
  'Content-ID: <pixel@x>',
  'Content-Transfer-Encoding: base64',
  '',
  PIXEL,
  '--b',
  'Content-Type: text/plain; name=notes.txt',
  'Content-Disposition: attachment; filename=notes.txt',
  '',
  'Ten o’clock.',
  '--b',
  'Content-Type: image/png; name=photo.png',
  'Content-Disposition: attachment; filename=photo.png',
  'Content-Transfer-Encoding: base64',
  '',
  PIXEL,
  '--b',
  'Content-Type: image/png',
  'Content-Disposition: attachment; filename=drawing.png',
  '',
  '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
  '--b',
  'Content-Type: application/octet-stream',
  "Content-Disposition: attachment; filename*=utf-8''invoice%E2%80%AEfdp.exe",
  '',
  'MZ',
  '--b--',
  '',
].join('\r\n');

test('attachments are listed, saved and looked at, and the picture in the text is shown there', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  await deliverEntities(world.site, world.unused('mallory').username, alice.username, [ENTITY]);
  const { ui, mail, reader } = alice.app;
  await mail.openMessage('Files');
  await reader.showsFormatted('See the picture');
  await expect
    .poll(async () => (await reader.formatted())[0]?.markup)
    .toContain(`<img src="data:image/png;base64,${PIXEL}"`);
  await ui.see(the('heading', '4 attachments', reader.attachments));
  const { name, text } = await ui.savedBy(() =>
    ui.click(the('button', 'Download notes.txt', reader.attachments)),
  );
  expect([name, text.trim()]).toEqual(['notes.txt', 'Ten o’clock.']);

  await ui.see(words(/misleading or unusable name/, reader.attachments));
  await ui.see(words(/can run programs/, reader.attachments));
  const program = await ui.savedBy(() =>
    ui.click(the('button', 'Download invoicefdp.exe', reader.attachments)),
  );
  expect(program.name).toBe('invoicefdp.exe');

  await ui.click(the('button', 'View photo.png', reader.attachments));
  const photo = the('dialog', 'photo.png');
  await ui.see(photo);
  await ui.click(the('button', 'Close', photo));
  await ui.seeNo(photo);
  await ui.click(the('button', 'View drawing.png', reader.attachments));
  await ui.seeText(the('status'), /not a picture that can be shown safely/);
});

test('a message tells who signed it and shows its source', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  await bob.app.compose.send({ to: alice.username, subject: 'Signed', text: 'All is well.' });
  const { ui, mail, reader } = alice.app;
  await mail.openMessage('Signed');
  await reader.shows('Signed', 'All is well.');
  await reader.more('Details');
  await ui.seeText(reader.details, /Verified: signed by/);
  await ui.seeText(reader.details, /[0-9A-F]{4} [0-9A-F]{4}/);
  await ui.seeText(reader.details, /Ed25519 with SHA-/);
  await ui.seeText(reader.details, /AES-256 with GCM; session key by ML-KEM-768 with X25519/);
  await ui.press('Escape');
  await ui.seeNo(reader.details);

  await reader.more('Show source');
  await ui.seeText(reader.source, /Subject: Signed/);
  const file = await ui.savedBy(() => ui.click(the('button', 'Download .eml', reader.source)));
  expect(file.name).toBe('Signed.eml');
  expect(file.text).toMatch(/Subject: Signed[\s\S]*All is well\./);
  await ui.click(the('button', 'Close', reader.source));
  await ui.seeNo(reader.source);
});
