/** The example page that comes with the package, as a person uses it, from the packed files. */
import { expectAccessible } from '../support/axe.ts';
import { Faults } from '../support/faults.ts';
import { ChromiumTab } from '../support/ui/chromium.ts';
import { field, the } from '../support/ui/target.ts';
import type { Ui } from '../support/ui/ui.ts';
import { until } from '../support/ui/until.ts';
import { Site } from './site.ts';
import { expect, test as base } from './test.ts';

/** The page brings a policy of its own. */
const NO_POLICY = '';
const FINGERPRINT = /^(?:[0-9A-F]{4} ){9}[0-9A-F]{4}$/;
const ARMORED = /^-----BEGIN PGP MESSAGE-----\n\n(?:[\w+/=]{1,64}\n)+-----END PGP MESSAGE-----\n$/;

const message = the('region', 'A message');
const file = the('region', 'A file, as a stream');

const test = base.extend<{ tab: Ui }>({
  tab: async ({ device }, use) => {
    const site = await Site.start(() => NO_POLICY);
    const faults = new Faults();
    const tab = await device.tab(site.origin, faults.add);
    await tab.open('/node_modules/@s-mail/crypto/example/index.html');
    await use(tab);
    await tab.close();
    await site.close();
    expect(faults.unexpected(), 'errors, exceptions and policy violations behind the page').toEqual([]);
  },
});

test('the example: a message is encrypted and signed, decrypted and verified', async ({ tab }) => {
  await makeKeys(tab);
  await encrypt(tab, 'Meet me at noon.');
  await tab.click(the('button', 'Decrypt and verify as Bob'));
  await tab.seeText(the('status', undefined, message), 'Meet me at noon.');
  await tab.seeText(the('status', undefined, message), 'The signature is valid. Signed by Alice.');
  if (tab instanceof ChromiumTab) await expectAccessible(tab, 'the example page');
});

test('the example: a message that was changed does not open, and says so', async ({ tab }) => {
  await makeKeys(tab);
  const armored = await encrypt(tab, 'Meet me at noon.');
  const lines = armored.split('\n');
  const last = lines.length - 4; // a whole line of what was encrypted
  lines[last] = lines[last]?.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')) ?? '';
  await tab.fill(field('What anybody else sees'), lines.join('\n'));
  await tab.click(the('button', 'Decrypt and verify as Bob'));
  await tab.seeText(the('alert', undefined, message), 'decrypt-tampered');
  await tab.seeNo(the('status', undefined, message));
  if (tab instanceof ChromiumTab) await expectAccessible(tab, 'the example page with an error');
});

test('the example: a file passes as a stream, both ways', async ({ tab }) => {
  await makeKeys(tab);
  await tab.click(the('button', 'Encrypt the file'));
  await tab.seeText(the('alert', undefined, file), 'Choose a file first.');
  await tab.evaluate(() => {
    const chosen = new DataTransfer();
    chosen.items.add(new File(['line of a report\n'.repeat(100_000)], 'report.txt'));
    document.querySelector<HTMLInputElement>('input[type="file"]')!.files = chosen.files;
  });
  await tab.click(the('button', 'Encrypt the file'));
  await tab.see(the('link', 'Save report.txt.pgp'));
  await tab.click(the('button', 'Decrypt it again'));
  await tab.seeText(the('status', undefined, file), 'The signature is valid. Signed by Alice.');
  const { name, text } = await tab.savedBy(() => tab.click(the('link', 'Save report.txt')));
  expect(name).toMatch(/^report.*\.txt$/);
  expect(text === 'line of a report\n'.repeat(100_000)).toBe(true);
});

async function makeKeys(tab: Ui): Promise<void> {
  await tab.click(the('button', 'Make two keys'));
  await tab.see({ text: 'Alice' });
  const fingerprints = await tab.evaluate(() =>
    Array.from(document.querySelectorAll('dd'), (shown) => shown.textContent),
  );
  expect(fingerprints).toEqual([expect.stringMatching(FINGERPRINT), expect.stringMatching(FINGERPRINT)]);
}

/** Encrypts a text and gives what the page shows of it. */
async function encrypt(tab: Ui, text: string): Promise<string> {
  await tab.fill(field('Alice writes'), text);
  await tab.click(the('button', 'Sign and encrypt to Bob'));
  let armored = '';
  await until(
    async () => {
      armored = await tab.evaluate(
        () => document.querySelector<HTMLTextAreaElement>('textarea.code')?.value ?? '',
      );
      return armored !== '';
    },
    () => 'no encrypted message is shown',
  );
  expect(armored).toMatch(ARMORED);
  return armored;
}
