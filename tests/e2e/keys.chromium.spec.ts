import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '../support/test.ts';
import { field, the } from '../support/ui/target.ts';
import { ChromiumTab } from '../support/ui/chromium.ts';

const PASSPHRASE = 'nine kites above the quarry';
const run = promisify(execFile);

/** GnuPG with a home of its own. Its agent's socket is inside, so the path has to be short. */
async function withGnuPg<Value>(
  use: (gpg: (...args: string[]) => Promise<string>, home: string) => Promise<Value>,
) {
  const home = await mkdtemp('/tmp/gpg');
  const gpg = async (...args: string[]) => {
    const fixed = ['--homedir', home, '--batch', '--yes', '--no-tty', '--pinentry-mode', 'loopback'];
    return (await run('gpg', [...fixed, '--passphrase', PASSPHRASE, '--trust-model', 'always', ...args]))
      .stdout;
  };
  try {
    return await use(gpg, home);
  } finally {
    await run('gpgconf', ['--homedir', home, '--kill', 'all']).catch(() => undefined);
    await rm(home, { recursive: true, force: true });
  }
}

test('renewed keys keep the fingerprint: nobody is stopped, and old and new mail is read', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  const bob = await world.member('bob');
  const { ui, settings, mail, reader } = alice.app;
  await bob.app.compose.send({ to: alice.username, subject: 'Before', text: 'To the old keys.' });
  await settings.open('Keys');
  const section = the('region', 'Your fingerprint');
  const fingerprint = /(?:[0-9A-F]{4}\s+){9}[0-9A-F]{4}/.exec(await ui.textOf(section))?.[0];
  expect(fingerprint).toBeDefined();
  await ui.click(the('button', 'Renew keys'));
  const dialog = the('dialog', 'Renew keys');
  await ui.click(the('button', 'Renew keys', dialog));
  await ui.seeText(the('status'), 'Your keys are renewed.');
  await ui.seeText(section, '2 keys');
  expect(await ui.textOf(section)).toContain(fingerprint);
  await settings.backToMail();
  await bob.app.compose.send({ to: alice.username, subject: 'After', text: 'To the new keys.' });
  await mail.openMessage('After');
  await reader.shows('After', 'To the new keys.');
  await mail.openFolder('Inbox');
  await mail.openMessage('Before');
  await reader.shows('Before', 'To the old keys.');
});

test('certificate and secret keys are exported, and GnuPG takes them', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, settings } = alice.app;
  await settings.open('Keys');
  const certificate = await ui.savedBy(() => ui.click(the('button', 'Export certificate')));
  const secret = await settings.exportSecretKeys(alice.password, PASSPHRASE);
  await ui.seeText(the('status'), 'Your secret keys are saved');
  expect(certificate.name).toBe(`${alice.username}-certificate.asc`);
  expect(certificate.text).toMatch(/^-----BEGIN PGP PUBLIC KEY BLOCK-----/);
  expect(secret.text).toMatch(/^-----BEGIN PGP PRIVATE KEY BLOCK-----/);
  // One GnuPG writes to the certificate, another reads with the keys that were taken along.
  const ciphertext = await withGnuPg(async (gpg, home) => {
    const [file, text] = [join(home, 'certificate.asc'), join(home, 'text')];
    await writeFile(file, certificate.text);
    await writeFile(text, 'hello');
    await gpg('--import', file);
    return gpg('--armor', '--output', '-', '--encrypt', '-r', `${alice.username}@localhost`, text);
  });
  await withGnuPg(async (gpg, home) => {
    const [file, message] = [join(home, 'keys.asc'), join(home, 'message.asc')];
    await writeFile(file, secret.text);
    await writeFile(message, ciphertext);
    await gpg('--import', file);
    expect(await gpg('--decrypt', message)).toBe('hello');
  });
});

test('a key of another program is added with its passphrase, and removed', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const { ui, settings } = alice.app;
  if (!(ui instanceof ChromiumTab)) throw new Error('this is for Chromium');
  const file = await withGnuPg(async (gpg) => {
    await gpg('--quick-gen-key', 'alice@example.net', 'rsa3072', 'default', 'never');
    return gpg('--armor', '--export-secret-keys', 'alice@example.net');
  });
  await settings.open('Keys');
  await ui.click(the('button', 'Add a key'));
  const dialog = the('dialog', 'Add a key');
  await ui.click(the('button', 'Add key', dialog));
  await ui.seeDescription(field('File with the secret key', dialog), 'Choose a file.');
  const choose = async (passphrase: string) => {
    const buffer = Buffer.from(file);
    await ui.page
      .getByLabel('File with the secret key')
      .setInputFiles([{ name: 'old.asc', mimeType: 'application/pgp-keys', buffer }]);
    await ui.fill(field('Passphrase of the key', dialog), passphrase);
    await ui.click(the('button', 'Add key', dialog));
  };
  await choose('not this');
  await ui.seeDescription(field('Passphrase of the key', dialog), /not the key/);
  await choose(PASSPHRASE);
  await ui.seeText(the('status'), 'The key was added.');
  const keys = the('list', 'Keys from other programs');
  await ui.seeText(keys, 'alice@example.net');
  await ui.reload();
  await ui.seeText(keys, 'alice@example.net');
  await ui.click(the('button', /^Remove key/, keys));
  await ui.click(the('button', 'Remove key', the('dialog', 'Remove this key?')));
  await ui.seeNo(keys);
});
