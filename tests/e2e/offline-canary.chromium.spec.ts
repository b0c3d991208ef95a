import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump, keptValues } from '../support/kept.ts';
import { scan } from '../support/scan.ts';
import { expect, test } from '../support/test.ts';
import { the } from '../support/ui/target.ts';
import { until } from '../support/ui/until.ts';

const NO_NETWORK = /Failed to load resource|ERR_|NetworkError|CORS|EventSource|connection|502/i;

function canary(what: string): string {
  return `${what} ü ${randomBytes(9).toString('hex')}`;
}

test('what a browser keeps is sealed, and nothing is left of it after log-out', async ({ world }) => {
  const folder = await mkdtemp(join(tmpdir(), 'smail-kept-'));
  const alice = await world.newcomer('alice');
  const bob = await world.newcomer('bob');
  const canaries = {
    password: alice.password,
    correspondent: `${bob.username}@localhost`,
    subject: canary('subject'),
    body: canary('body'),
    'subject sent later': canary('later'),
    'body sent later': canary('unsent'),
    'subject of a draft': canary('draft'),
    folder: canary('folder'),
  };
  const { ui, mail, reader, compose, settings, organise, logIn } = alice.app;
  try {
    await bob.app.compose.send({ to: alice.username, subject: canaries.subject, text: canaries.body });
    await mail.openMessage(canaries.subject);
    await settings.open();
    await ui.click(the('button', 'Keep mail on this device'));
    await ui.see(the('button', 'Delete mail from this device'));
    await settings.backToMail();
    await organise.makeFolder(canaries.folder);
    await mail.openMessage(canaries.subject);
    await reader.shows(canaries.subject, canaries.body);
    // Knows bob's key from now on.
    await compose.send({ to: bob.username, subject: 'Hello', text: 'On my way.' });

    world.faults.expect(NO_NETWORK);
    world.site.proxy.cut();
    await compose.open();
    await compose.write({
      to: bob.username,
      subject: canaries['subject sent later'],
      text: canaries['body sent later'],
    });
    await ui.click(compose.sendButton);
    await ui.seeText(the('status'), /waits in the outbox/);
    await compose.open();
    await compose.write({ to: bob.username, subject: canaries['subject of a draft'], text: 'Not yet.' });
    await ui.click(compose.closeButton);
    await ui.seeNo(compose.dialog);

    const places = join(folder, 'kept');
    await mkdir(places);
    const kept = await dump(ui);
    await writeFile(join(places, 'kept'), kept);
    const report = await scan(canaries, { data: places }, folder);
    expect(report.findings).toEqual([]);
    expect(kept.length, 'octets kept').toBeGreaterThan(20_000);
    expect(kept.includes('s-mail-outbox-')).toBe(true);
    // The same scan finds what is in the clear there by design.
    const known = await scan({ name: 's-mail-cache-' }, { data: places }, folder);
    expect(known.findings).not.toEqual([]);

    await ui.click(mail.logOutButton);
    await ui.click(the('button', 'Log out and delete'));
    await logIn.isOpen();
    await until(
      async () => (await keptValues(ui)) === 0,
      () => 'something is still in IndexedDB',
    );
    const left = await dump(ui);
    expect(left.includes('s-mail-cache-') || left.includes('s-mail-outbox-')).toBe(false);
    expect(left.includes('/api/')).toBe(false);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
