import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { expect, test } from '../support/test.ts';
import { Faults } from '../support/faults.ts';
import { deliverEntities } from '../support/mallory.ts';
import { codeIn } from '../support/pages/recover.ts';
import { choose, chooseFor } from '../support/files.ts';
import { SecurityKey } from '../support/security-key.ts';
import { scan, type Report } from '../support/scan.ts';
import { Site } from '../support/site.ts';
import { writeTraffic } from '../support/traffic.ts';
import { field, the, words } from '../support/ui/target.ts';
import { SharedAccounts, World, type Member } from '../support/world.ts';

/** A text like no other; it has a blank and a letter outside ASCII, which encodings treat each in their own way. */
function canary(what: string): string {
  return `${what} ü ${randomBytes(9).toString('hex')}`;
}

const canaries = {
  password: canary('heron password'),
  'new password': canary('otter password'),
  'recovered password': canary('ferret password'),
  subject: canary('subject'),
  body: canary('body'),
  'reply body': canary('reply'),
  'file name': `${canary('file')}.txt`,
  'file content': canary('content'),
  folder: canary('folder'),
  'folder renamed': canary('renamed'),
  label: canary('label'),
  'formatted body': canary('formatted'),
  'attached file name': canary('enclosed'),
  'attached text': canary('attached'),
  'imported subject': canary('brought'),
  'imported text': canary('letter'),
  'imported file name': `${canary('archive')}.eml`,
  'draft subject': canary('draft'),
  'draft body': canary('unsent'),
  'name of a search': canary('kept'),
  'contact name': canary('person'),
  'contact note': canary('remembered'),
  'contact group': canary('several'),
  'imported contact': canary('imported'),
  'display name': canary('myself'),
  signature: canary('yours'),
  'name of a signature': canary('signature'),
  'passphrase of exported keys': canary('kite passphrase'),
  'name of a passkey': canary('laptop'),
};

/** Puts every canary through everything the web app can do. */
async function live(world: World): Promise<Member> {
  const alice = await signUp(world, 'alice', canaries.password);
  const bob = await signUp(world, 'bob', canaries.password);
  const { ui, mail, reader, compose, settings } = alice.app;
  await bob.app.compose.open();
  await bob.app.compose.write({ to: alice.username, subject: canaries.subject, text: canaries.body });
  const buffer = Buffer.from(canaries['file content'].repeat(100));
  await choose(bob.app.ui, { name: canaries['file name'], mimeType: 'text/plain', buffer });
  await bob.app.ui.see(the('button', `Remove ${canaries['file name']}`, bob.app.compose.dialog));
  await bob.app.compose.sendAsIs();
  await mail.openMessage(canaries.subject);
  await reader.shows(canaries.subject, canaries.body);
  await ui.click(reader.replyButton);
  await ui.fill(compose.text, canaries['reply body']);
  await compose.sendAsIs();
  await ui.click(reader.archiveButton);
  await mail.openFolder('Archive');
  // Both messages are one row by now, and are read together.
  await mail.openMessage(canaries.subject);
  await ui.see(the('list', 'Later messages', reader.region));
  await ui.seeText(the('region', 'Body of later message 1'), canaries['reply body']);
  await mail.openFolder('Archive');
  await ui.see(mail.row(canaries.subject));
  await organise(alice);

  // The words are in the index by now, and the search is kept under a name.
  const { search } = alice.app;
  await search.finds(canaries.body, canaries.subject);
  await ui.click(search.saveButton);
  const saving = the('dialog', 'Save this search');
  await ui.fill(the('textbox', 'Name', saving), canaries['name of a search']);
  await ui.click(the('button', 'Save', saving));
  await ui.seeNo(saving);

  await readFormatted(world, alice);
  await keepPeople(alice, bob.username);

  await compose.open();
  const draft = { subject: canaries['draft subject'], text: canaries['draft body'] };
  await compose.write({ to: canaries['contact name'], ...draft });
  await ui.see(words('Saved', compose.dialog));
  await ui.click(compose.closeButton);

  await importMail(alice);
  await settings.open('General');
  await settings.rename(canaries['display name']);
  await settings.openPart('Writing');
  await settings.addSignature(canaries['name of a signature'], canaries.signature);
  await settings.openPart('Keys');
  const keys = await settings.exportSecretKeys(canaries.password, canaries['passphrase of exported keys']);
  expect(keys.text).toContain('PRIVATE KEY BLOCK');
  await settings.openPart('Security');
  await passkey(alice);
  const kit = await settings.downloadRecoveryKit();
  await settings.changePassword(canaries.password, canaries['new password']);
  await ui.seeText(the('status'), /Password changed/);
  await settings.backToMail();
  await mail.logOut();
  await alice.app.logIn.submit({ ...alice, password: canaries['new password'] });
  await mail.isOpen();

  const code = codeIn(kit.text);
  Object.assign(canaries, { 'recovery code': code, 'recovery code, bare': code.replaceAll(/[\s-]/g, '') });
  const later = await world.visitor();
  await later.recover.open();
  await later.recover.submit(alice.username, code, canaries['recovered password']);
  await later.mail.isOpen();
  return alice;
}

/** Keeps somebody in the address book, in a group, takes more in from a file, and finds them while writing. */
async function keepPeople({ app }: Member, address: string): Promise<void> {
  const { ui, contacts, compose } = app;
  const [name, note, group] = ['contact name', 'contact note', 'contact group'] as const;
  await contacts.open();
  await contacts.make({ name: canaries[name], address, note: canaries[note] });
  await contacts.makeGroup(canaries[group]);
  const cards = `BEGIN:VCARD\r\nFN:${canaries['imported contact']}\r\nEND:VCARD\r\n`;
  const file = { name: 'people.vcf', mimeType: 'text/vcard', buffer: Buffer.from(cards) };
  await chooseFor(ui, 'vCard file to import', file);
  await ui.see(words('1 contact was added.'));
  await ui.click(the('button', 'Done'));
  await ui.fill(contacts.search, canaries[note]);
  await ui.click(the('link', 'Back to mail'));
  await compose.open();
  await ui.fill(compose.to, canaries[name]);
  await ui.see(the('option', new RegExp(canaries[name])));
  await ui.press('Enter');
  await ui.see(words(canaries[name], compose.dialog));
  await ui.click(compose.discardButton);
}

/** A passkey comes and goes, under its name. */
async function passkey({ app, password }: Member): Promise<void> {
  const { ui, settings } = app;
  await SecurityKey.plugInto(app);
  await ui.click(the('button', 'Add a passkey'));
  await settings.confirm(password);
  const adding = the('dialog', 'Add a passkey');
  await ui.fill(field('Name', adding), canaries['name of a passkey']);
  await ui.click(the('button', 'Go on', adding));
  await ui.click(field('I have kept them'));
  await ui.click(the('button', 'Done'));
  await ui.seeText(the('list', 'Passkeys'), canaries['name of a passkey']);
  await ui.click(the('button', `Remove ${canaries['name of a passkey']}`));
  await settings.confirm(password);
  await ui.seeNo(the('list', 'Passkeys'));
}

/** Takes a message in from a file. */
async function importMail({ app: { ui, transfer, settings } }: Member): Promise<void> {
  const letter = `From: carol@example.org\r\nSubject: ${canaries['imported subject']}\r\n\r\n${canaries['imported text']}\r\n`;
  const file = {
    name: canaries['imported file name'],
    mimeType: 'message/rfc822',
    buffer: Buffer.from(letter),
  };
  await transfer.begin(file);
  await ui.see(transfer.importDone);
  await ui.seeText(transfer.panel, '1 message imported');
  await transfer.close();
  await settings.backToMail();
}

/** Files the message under names of one's own, by every way there is. */
async function organise({ app: { ui, mail, organise } }: Member): Promise<void> {
  await organise.makeFolder(canaries.folder);
  await organise.folderMenu(canaries.folder, 'Rename');
  await organise.name(the('dialog', 'Rename folder'), canaries['folder renamed'], 'Rename');
  await organise.makeLabel(canaries.label, 'Blue');
  await organise.select(canaries.subject);
  await ui.click(the('button', 'Label', organise.bar));
  await organise.choose(canaries.label);
  await ui.click(the('button', 'Done'));
  await ui.see(words(canaries.label, mail.row(canaries.subject)));
  await ui.click(the('button', 'Move to folder', organise.bar));
  await organise.choose(canaries['folder renamed']);
  await ui.seeNo(mail.row(canaries.subject));
  await ui.press('z');
  await ui.see(mail.row(canaries.subject));
  await organise.select(canaries.subject);
  await ui.click(the('button', 'Snooze', organise.bar));
  await ui.click(the('button', /^Tomorrow/));
  await ui.click(organise.label(canaries.label));
  await ui.see(mail.row(canaries.subject));
  await ui.click(organise.folder(canaries['folder renamed']));
  await ui.see(the('heading', canaries['folder renamed']));
}

/** Reads formatted mail with a file, saves the file, and looks at the source. */
async function readFormatted(world: World, { username, app }: Member): Promise<void> {
  const { ui, mail, reader } = app;
  const name = canaries['attached file name'];
  const entity = [
    'From: mallory@localhost',
    'Subject: Formatted',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b; hp="cipher"',
    '',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    '',
    `<p>${canaries['formatted body']}</p><img src="https://127.0.0.1:9/pixel">`,
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}`,
    '',
    canaries['attached text'],
    '--b--',
    '',
  ];
  await deliverEntities(world.site, world.unused('mallory').username, username, [entity.join('\r\n')]);
  await mail.openFolder('Inbox');
  await mail.openMessage('Formatted');
  await reader.showsFormatted(canaries['formatted body']);
  const saved = await ui.savedBy(() => ui.click(the('button', `Download ${name}`, reader.attachments)));
  expect(saved.text).toContain(canaries['attached text']);
  await reader.more('Show source');
  await ui.seeText(reader.source, canaries['formatted body']);
  await ui.press('Escape');
  await ui.seeNo(reader.source);
}

async function signUp(world: World, name: string, password: string): Promise<Member> {
  const app = await world.visitor();
  const credentials = { ...world.unused(name), password };
  await app.signUp.open();
  await app.signUp.submit(credentials);
  await app.signUp.passRecoveryKit();
  return { ...credentials, app };
}

function bytesIn({ searched }: Report, place: string): number {
  return searched.find((part) => part.place === place)?.bytes ?? 0;
}

const LIMIT_MS = 360_000;

test('nothing that a person writes is found on the server, in its log, its memory or the traffic', async ({
  device,
}) => {
  test.setTimeout(LIMIT_MS);
  const folder = await mkdtemp(join(tmpdir(), 'smail-canary-'));
  const site = await Site.start('--log', 'trace');
  site.named = true;
  const faults = new Faults();
  faults.expect(/401/);
  const world = new World(site, device, faults, new SharedAccounts());
  try {
    site.proxy.record();
    await live(world);
    const [log, traffic] = [join(folder, 'log'), join(folder, 'traffic')];
    await writeFile(log, site.server.log);
    await writeTraffic(site.proxy.recorded(), traffic);
    const data = site.server.dataDir;

    const running = await scan(canaries, { data, log, traffic, pid: site.server.pid }, folder);
    expect(running.findings).toEqual([]);
    for (const place of ['data', 'log', 'traffic', 'traffic bodies', 'memory']) {
      expect(bytesIn(running, place), `bytes searched in ${place}`).toBeGreaterThan(10_000);
    }
    await world.close();
    await site.server.stop();
    const stopped = await scan(canaries, { data }, folder);
    expect(stopped.findings).toEqual([]);

    // The same scan finds what does pass through the server in the clear, by design: a user name.
    const known = await scan({ 'user name': 'alice@localhost' }, { data, traffic }, folder);
    expect(known.findings).not.toEqual([]);
    expect(world.noticed()).toEqual([]);
  } finally {
    await site.close();
    await rm(folder, { recursive: true, force: true });
  }
});
