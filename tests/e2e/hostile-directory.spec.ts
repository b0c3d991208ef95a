import { test } from '../support/test.ts';
import { poisonDirectory, type CertificateFault } from '../support/mallory.ts';
import type { Site } from '../support/site.ts';
import { until } from '../support/ui/until.ts';
import { the } from '../support/ui/target.ts';

const UNUSABLE: [fault: CertificateFault, what: string][] = [
  ['no-encryption-key', 'without a key to encrypt with'],
  ['not-yet-valid', 'not valid yet'],
  ['other-address', "another address's"],
];

for (const [fault, what] of UNUSABLE) {
  test(`a certificate that is ${what} stops the message beside To, and the text stays`, async ({ world }) => {
    const alice = await world.newcomer('alice');
    const bob = await world.newcomer('bob');
    const { ui, compose } = alice.app;
    const message = { to: bob.username, subject: 'Secret plan', text: 'Tell nobody.' };
    await poisonDirectory(world.site, fault, `${bob.username}@localhost`);
    await compose.open();
    await compose.write(message);
    await ui.seeDescription(compose.to, /key|certificate/i);
    await refused(world.site, () => ui.click(compose.sendButton));
    await ui.seeDescription(compose.to, /key|certificate/i);
    await compose.holds(message);

    world.site.proxy.reset();
    await ui.click(the('button', `Remove ${bob.username}`));
    await compose.addTo(bob.username);
    await compose.sendAsIs();
  });
}

/** Sends, and waits until the server has been asked for the certificate and has answered. */
async function refused(site: Site, send: () => Promise<void>): Promise<void> {
  const before = site.proxy.altered;
  await send();
  await until(
    () => Promise.resolve(site.proxy.altered > before),
    () => 'nobody asked for the certificate',
  );
}

test('a changed key stops the message until alice has looked, and nothing is lost', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.newcomer('bob');
  const { ui, compose } = alice.app;
  await compose.send({ to: bob.username, subject: 'Hello', text: 'The first of many.' });

  await poisonDirectory(world.site, 'changed', `${bob.username}@localhost`);
  const message = { to: bob.username, subject: 'Secret plan', text: 'Tell nobody.' };
  await compose.open();
  await compose.write(message);
  const warning = the('alert', undefined, compose.dialog);
  await ui.seeText(warning, /changed|another key|different key|new key/i);
  await ui.click(compose.sendButton);
  await ui.seeText(warning, /changed|another key|different key|new key/i);
  await compose.holds(message);

  await ui.click(the('button', 'Compare fingerprints', compose.dialog));
  await ui.seeText(the('dialog', 'Compare fingerprints'), /([0-9A-F]{4}\s+){9}/);
  await ui.click(the('button', 'It is the same: accept'));
  await ui.seeNo(warning);
  await compose.holds(message);
  await compose.sendAsIs();
});

test('after an honest look-up, a changed key is seen on another device too', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const bob = await world.newcomer('bob');
  await alice.app.compose.send({ to: bob.username, subject: 'Hello', text: 'The first of many.' });
  const second = await world.logIn(alice);
  await poisonDirectory(world.site, 'changed', `${bob.username}@localhost`);
  await second.app.compose.open();
  await second.app.compose.addTo(bob.username);
  await second.app.ui.seeText(second.app.compose.error, /changed|another key|different key|new key/i);
});
