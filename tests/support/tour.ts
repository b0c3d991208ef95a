/** A walk through every screen of the web app, with something on it. */
import { choose, chooseFor } from './files.ts';
import type { App } from './pages/app.ts';
import { deliverEntities } from './mallory.ts';
import { ChromiumTab } from './ui/chromium.ts';
import { Phone } from './phone.ts';
import { field, the, words } from './ui/target.ts';
import type { Member, World } from './world.ts';

export const SCREENS = [
  'log-in',
  'log-in-refused',
  'sign-up',
  'sign-up-refused',
  'recovery-kit',
  'forgot-password',
  'inbox-empty',
  'inbox',
  'new-folder',
  'new-label',
  'folder-menu',
  'selected',
  'label',
  'move',
  'snooze',
  'delete-folder',
  'reader',
  'conversation',
  'reader-formatted',
  'reader-details',
  'reader-source',
  'reader-refused',
  'search',
  'search-refused',
  'compose',
  'compose-refused',
  'contacts-empty',
  'contact-new',
  'contact-refused',
  'contact',
  'contact-verify',
  'contacts-import',
  'compose-suggestions',
  'settings',
  'shortcuts',
  'settings-writing',
  'settings-reading',
  'settings-notifications',
  'settings-security',
  'settings-keys',
  'key-added',
  'settings-account',
  'import-mail',
  'export-mail',
  'log-out-everywhere',
  'delete-account',
  'two-step-app',
  'recovery-codes',
  'second-step',
  'outbox',
  'not-found',
] as const;

export type Screen = (typeof SCREENS)[number];

/** Called on each screen, once it is complete. */
export type Visit = (screen: Screen, tab: ChromiumTab) => Promise<void>;

const LETTERS = [
  ['The ferry timetable', 'Summer hours begin on Monday: the last boat back is at a quarter past nine.'],
  ['Re: Draft of chapter four', 'I marked two passages. The rest reads as if it had always been there.'],
  ['Invoice for March', 'Please find the amounts below. Nothing is due before the fifteenth.'],
  ['Choir on Wednesday', 'We need one more tenor, and somebody with a key to the hall.'],
] as const;

const LONG_LETTER = [
  'Dear Alice,',
  '',
  'the house by the lake is ours for the last week of August. There are four rooms, a boat that needs paint, and no',
  'telephone. The key is with the neighbour, as always.',
  '',
  '> Is there still the old stove in the kitchen?',
  '',
  'It is, and it works. The directions are on https://maps.example/lake if the road has not moved.',
  '',
  'Bring a pullover.',
  'Bob',
].join('\n');

const NEWSLETTER = [
  'From: Ferries <news@ferries.example>',
  'Subject: Summer timetable',
  'Date: Fri, 20 Nov 2026 10:00:00 +0000',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b; hp="cipher"',
  '',
  '--b',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<style>body { background: #f4f4f7 } .card { background: #fff; border: 1px solid #ddd; padding: 24px }</style>',
  '<table width="560" align="center"><tr><td class="card"><h1 style="color: #14532d">Summer timetable</h1>',
  '<img src="https://cdn.example/ferry.jpg" width="500" height="120" alt="A ferry"><p>From Monday the last boat leaves at',
  'a quarter past nine. Read it on <a href="https://evil.example/">https://ferries.example</a>.</p></td></tr></table>',
  '--b',
  'Content-Type: application/pdf; name="timetable.pdf"',
  'Content-Disposition: attachment; filename="timetable.pdf"',
  '',
  '%PDF-',
  '--b',
  'Content-Type: application/octet-stream',
  "Content-Disposition: attachment; filename*=utf-8''fares%E2%80%AEfdp.exe",
  '',
  'MZ',
  '--b--',
  '',
].join('\r\n');

/** Visits every screen in this order. The accounts are new. */
export async function tour(world: World, visit: Visit): Promise<void> {
  await closedScreens(world, visit);
  const alice = await firstScreens(world, visit);
  await mailScreens(world, alice, visit);
}

/** A newsletter with pictures from elsewhere, a link that lies, and files. */
async function formattedScreens(world: World, { app, username }: Member, visit: Visit): Promise<void> {
  const tab = tabOf({ app });
  await app.ui.goBack();
  await deliverEntities(world.site, world.unused('mallory').username, username, [NEWSLETTER]);
  await app.mail.openMessage('Summer timetable');
  await app.reader.showsFormatted('the last boat leaves');
  await app.ui.see(the('heading', '2 attachments', app.reader.attachments));
  await visit('reader-formatted', tab);
  await app.reader.more('Details');
  await app.ui.see(app.reader.details);
  await visit('reader-details', tab);
  await app.ui.press('Escape');
  await app.reader.more('Show source');
  await app.ui.seeText(app.reader.source, /Subject: Summer/);
  await visit('reader-source', tab);
  await app.ui.press('Escape');
  await app.ui.seeNo(app.reader.source);
  await app.ui.goBack();
  await app.mail.openMessage('The house by the lake');
  await app.reader.shows('The house by the lake', 'Bring a pullover.');
}

function tabOf({ app }: Pick<Member, 'app'>): ChromiumTab {
  if (app.ui instanceof ChromiumTab) return app.ui;
  throw new Error('the tour is for Chromium');
}

async function closedScreens(world: World, visit: Visit): Promise<void> {
  const app = await world.visitor();
  const tab = tabOf({ app });
  await app.logIn.open();
  await visit('log-in', tab);
  world.faults.expect(/401/);
  await app.logIn.submit({ username: 'nobody', password: 'not the password' });
  await app.ui.seeText(the('alert'), /./);
  await visit('log-in-refused', tab);
  await app.recover.open();
  await visit('forgot-password', tab);
  await app.ui.open('/mail/no-such-folder');
  await app.ui.see(the('heading'));
  await visit('not-found', tab);
}

/** Signs up, with a mistake at first. */
async function firstScreens(world: World, visit: Visit): Promise<Member> {
  const app = await world.visitor();
  const tab = tabOf({ app });
  const alice = world.unused('alice');
  await app.signUp.open();
  await app.ui.fill(app.signUp.username, alice.username);
  await app.ui.fill(app.signUp.password, alice.password);
  await app.ui.seeText(words(/Hard to guess/), /./);
  await visit('sign-up', tab);
  await app.ui.fill(app.signUp.repeated, 'something else');
  await app.ui.click(app.signUp.button);
  await app.ui.seeDescription(app.signUp.repeated, /./);
  await visit('sign-up-refused', tab);
  await app.ui.fill(app.signUp.repeated, alice.password);
  await app.ui.click(app.signUp.understood);
  await app.ui.click(app.signUp.button);
  await app.signUp.downloadRecoveryKit();
  await visit('recovery-kit', tab);
  await app.signUp.passRecoveryKit();
  await app.ui.see(words(/Nothing in Inbox/));
  await visit('inbox-empty', tab);
  return { ...alice, app };
}

/** Folders, labels, and what is done with several messages. */
async function organiseScreens({ ui, mail, organise }: App, tab: ChromiumTab, visit: Visit): Promise<void> {
  await showFolders(tab);
  await ui.click(the('button', 'New folder'));
  await visit('new-folder', tab);
  await organise.name(the('dialog', 'New folder'), 'The lake house', 'Make folder');
  await organise.makeFolder('Repairs and everything that has to be painted', 'The lake house');
  await organise.makeLabel('Before August', 'Orange');
  await ui.click(the('button', 'New label'));
  await visit('new-label', tab);
  await organise.name(the('dialog', 'New label'), 'Family', 'Make label');
  await ui.click(the('button', 'Actions for The lake house'));
  await visit('folder-menu', tab);
  await ui.click(the('menuitem', 'Delete'));
  await visit('delete-folder', tab);
  await ui.click(the('button', 'Keep it'));
  await hideFolders(tab);

  await organise.select('Invoice for March', 'The house by the lake');
  await ui.click(the('button', 'Label', organise.bar));
  await organise.choose('Before');
  await ui.see(words('Before August', mail.row('Invoice for March')));
  await visit('label', tab);
  await ui.click(the('button', 'Done'));
  await visit('selected', tab);
  await ui.click(the('button', 'Move to folder', organise.bar));
  await visit('move', tab);
  await ui.press('Escape');
  await ui.click(the('button', 'Snooze', organise.bar));
  await visit('snooze', tab);
  await ui.press('Escape');
  await ui.click(the('button', 'Select none', organise.bar));
}

/** The address book, from its first contact to a file of cards and a recipient that is completed. */
async function contactScreens(
  { ui, contacts, compose }: App,
  address: string,
  tab: ChromiumTab,
  visit: Visit,
): Promise<void> {
  await contacts.open();
  await ui.see(words('No contacts yet'));
  await visit('contacts-empty', tab);
  await ui.click(contacts.newButton);
  await ui.see(the('heading', 'New contact'));
  await visit('contact-new', tab);
  await ui.click(the('button', 'Save'));
  await ui.see(words('Enter a name or an address.'));
  await visit('contact-refused', tab);
  await ui.fill(field('Name'), 'Bob Marchetti');
  await ui.fill(field('Address 1'), address);
  await ui.fill(field('Organisation'), 'Boats and Sons');
  await ui.fill(field('Note'), 'Has the key of the house by the lake.');
  await ui.click(the('button', 'Save'));
  await ui.see(contacts.verifyButton);
  await visit('contact', tab);
  await ui.click(contacts.verifyButton);
  await ui.see(contacts.safetyNumber);
  await visit('contact-verify', tab);
  await ui.click(contacts.markButton);
  await ui.seeNo(contacts.verifyDialog);
  await backToList(tab);
  await contacts.makeGroup('The lake');
  const cards = ['Anna Brown', 'Bea Lake', 'Carlo Zorn', 'Dora Lakeman'].map(
    (name) => `BEGIN:VCARD\nFN:${name}\nEMAIL:${name.replace(' ', '.')}@example.org\nPHOTO:x\nEND:VCARD\n`,
  );
  const buffer = Buffer.from([...cards, 'BEGIN:VCARD\nFN:Torn\n'].join(''));
  await chooseFor(ui, 'vCard file to import', { name: 'people.vcf', mimeType: 'text/vcard', buffer });
  await ui.see(words('4 contacts were added.'));
  await visit('contacts-import', tab);
  await ui.click(the('button', 'Done'));
  await ui.click(the('link', 'Back to mail'));
  await compose.open();
  await ui.fill(compose.to, 'b');
  await ui.see(the('option', /Bea Lake/));
  await visit('compose-suggestions', tab);
  await ui.press('Escape');
  await ui.fill(compose.to, '');
  await ui.click(compose.discardButton);
}

/** Where the window is narrow, a contact takes the place of the list. */
async function backToList({ page }: ChromiumTab): Promise<void> {
  const back = page.getByRole('link', { name: 'Back to the list' });
  if (await back.isVisible()) await back.click();
}

/** Where the window is narrow, the person's folders are behind a button. */
async function showFolders({ page }: ChromiumTab): Promise<void> {
  const more = page.getByRole('button', { name: 'More', exact: true });
  if (await more.isVisible()) await more.click();
}

async function hideFolders({ page }: ChromiumTab): Promise<void> {
  const close = page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true });
  if (await close.isVisible()) await close.click();
}

async function mailScreens(world: World, alice: Member, visit: Visit): Promise<void> {
  const { app } = alice;
  const tab = tabOf(alice);
  const bob = await world.newcomer('bob');
  const carol = await world.newcomer('carol');
  for (const [at, [subject, text]] of LETTERS.entries()) {
    const sender = at % 2 ? bob : carol;
    await sender.app.compose.send({ to: alice.username, subject, text });
  }
  await bob.app.compose.send({ to: alice.username, subject: 'The house by the lake', text: LONG_LETTER });
  await app.ui.seeCount(app.mail.anyRow, LETTERS.length + 1);
  await visit('inbox', tab);
  await organiseScreens(app, tab, visit);
  await app.mail.openMessage('The house by the lake');
  await app.reader.shows('The house by the lake', 'Bring a pullover.');
  await visit('reader', tab);
  await formattedScreens(world, alice, visit);

  await app.ui.click(app.reader.replyButton);
  await app.ui.fill(app.compose.text, 'Two pullovers, then.');
  await app.compose.sendAsIs();
  await app.ui.goBack();
  await app.mail.openMessage('The house by the lake');
  await app.ui.see(the('list', 'Later messages', app.reader.region));
  await app.ui.seeText(the('region', 'Body of later message 1'), 'Two pullovers, then.');
  await visit('conversation', tab);

  world.site.proxy.interfere({
    method: 'GET',
    path: /\/blobs\/[0-9a-f]{64}$/,
    alter: (answer) => ({ ...answer, body: answer.body.subarray(1) }),
  });
  await app.ui.goBack();
  // Not the next one: that was fetched ahead.
  await app.mail.openMessage('The ferry timetable');
  await app.reader.refuses(/./);
  await visit('reader-refused', tab);
  world.site.proxy.reset();
  await app.ui.goBack();

  await app.search.for('lake OR march -choir from:bob is:read');
  await app.ui.see(app.search.row('The house by the lake'));
  await visit('search', tab);
  await app.search.for('form:bob');
  await app.ui.seeText(the('alert'), /form:/);
  await visit('search-refused', tab);
  await app.ui.click(the('button', 'Clear search'));

  await app.compose.open();
  await app.compose.write({
    to: bob.username,
    subject: 'The keys to the boathouse',
    text: 'Dear Bob,\n\nthey hang behind',
  });
  await app.ui.see(words(/will be encrypted/, app.compose.dialog));
  const buffer = Buffer.alloc(70_000, 7);
  await choose(app.ui, { name: 'boathouse.jpg', mimeType: 'image/jpeg', buffer });
  await app.ui.see(the('button', 'Remove boathouse.jpg', app.compose.dialog));
  await visit('compose', tab);
  await app.compose.addTo('somebody-who-is-not-here');
  await app.ui.seeDescription(app.compose.to, /./);
  await visit('compose-refused', tab);
  await app.ui.click(app.compose.discardButton);
  await contactScreens(app, bob.username, tab, visit);
  await app.settings.open('Account');
  await transferScreens(app, tab, visit);
  await app.settings.backToMail();
  await visitOutbox(world, app, bob, () => visit('outbox', tab));
  await settingsScreens(app, visit);
  await securityScreens(alice, visit);
}

/** What is asked before mail comes in from files, and before it goes out. */
async function transferScreens({ ui, transfer }: App, tab: ChromiumTab, visit: Visit): Promise<void> {
  await ui.click(the('button', 'Import mail…'));
  await ui.see(transfer.importing);
  await visit('import-mail', tab);
  await ui.click(the('button', 'Cancel', transfer.importing));
  await ui.click(the('button', 'Export mail…'));
  await ui.see(transfer.exporting);
  await visit('export-mail', tab);
  await ui.click(the('button', 'Cancel', transfer.exporting));
  await ui.seeNo(transfer.exporting);
}

/** Sends something while there is no connection, and waits until it has gone out. */
async function visitOutbox(
  world: World,
  { ui, mail, compose }: App,
  { username }: Member,
  visit: () => Promise<void>,
): Promise<void> {
  world.faults.expect(/Failed to load resource|ERR_|EventSource/);
  world.site.proxy.cut();
  await compose.open();
  await compose.write({ to: username, subject: 'The boat is painted', text: 'Green, as before.' });
  await ui.click(compose.sendButton);
  await ui.seeText(the('status'), /waits in the outbox/);
  await ui.click(the('link', 'outbox', the('note', 'Connection')));
  await ui.seeText(the('list', 'Outbox'), /The boat is painted/);
  await visit();
  world.site.proxy.mend();
  await ui.see(words('Nothing waits here'));
  await mail.isOpen();
}

/** Each part of the settings, with something in it, and the sheet of keys. */
async function settingsScreens(app: App, visit: Visit): Promise<void> {
  const tab = tabOf({ app });
  const { ui, settings } = app;
  await settings.open('General');
  await ui.see(settings.displayName);
  await visit('settings', tab);
  await ui.click(the('button', 'Show shortcuts'));
  await ui.see(the('dialog', 'Keyboard shortcuts'));
  await visit('shortcuts', tab);
  await ui.press('Escape');
  await settings.openPart('Writing');
  await settings.addSignature('Work', 'Alice\nThe boathouse');
  await ui.click(the('button', 'Edit signature Work'));
  await visit('settings-writing', tab);
  await settings.openPart('Reading');
  await visit('settings-reading', tab);
  await settings.openPart('Notifications');
  await visit('settings-notifications', tab);
  await settings.openPart('Security');
  await ui.see(settings.session);
  await visit('settings-security', tab);
  await settings.openPart('Keys');
  await ui.see(the('button', 'Renew keys'));
  await visit('settings-keys', tab);
  await ui.click(the('button', 'Add a key'));
  await ui.see(the('dialog', 'Add a key'));
  await visit('key-added', tab);
  await ui.press('Escape');
  await settings.openPart('Account');
  await visit('settings-account', tab);
}

/** What guards the account, and what ends it. */
async function securityScreens({ app, username, password }: Member, visit: Visit): Promise<void> {
  const { ui, logIn, settings } = app;
  const tab = tabOf({ app });
  await ui.click(the('button', 'Delete account…'));
  await ui.click(the('button', 'Delete account', the('dialog')));
  await visit('delete-account', tab);
  await ui.click(the('button', 'Keep my account'));
  await settings.openPart('Security');
  await ui.click(the('button', 'Set up an authenticator app'));
  const confirm = the('dialog', 'Confirm your password');
  await ui.fill(field('Password', confirm), password);
  await ui.click(the('button', 'Confirm', confirm));
  const setUp = the('dialog', 'Set up an authenticator app');
  await ui.see(setUp);
  const phone = await Phone.scan(ui);
  await visit('two-step-app', tab);
  await ui.fill(field('Code', setUp), await phone.code());
  await ui.click(the('button', 'Turn on', setUp));
  await ui.see(the('dialog', 'Your recovery codes'));
  await visit('recovery-codes', tab);
  await ui.click(field('I have kept them'));
  await ui.click(the('button', 'Done'));
  await ui.click(the('button', 'Log out everywhere'));
  const everywhere = the('dialog', 'Log out everywhere?');
  await ui.see(everywhere);
  await visit('log-out-everywhere', tab);
  await ui.click(the('button', 'Log out everywhere', everywhere));
  await logIn.isOpen();
  await logIn.submit({ username, password });
  await ui.see(the('form', 'Second step'));
  await visit('second-step', tab);
}
