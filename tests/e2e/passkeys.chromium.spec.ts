import { test as base, expect } from '../support/test.ts';
import { Phone } from '../support/phone.ts';
import { expectInOrder, SIZES } from '../support/screens.ts';
import { SecurityKey } from '../support/security-key.ts';
import { Site } from '../support/site.ts';
import { ChromiumBrowser, ChromiumTab } from '../support/ui/chromium.ts';
import { field, the, words } from '../support/ui/target.ts';
import { World, type Member } from '../support/world.ts';

/** Browsers bind no passkey to a number: these tests go to the server by a name. */
const test = base.extend<object, { site: Site }>({
  site: [
    async ({}, use) => {
      const site = await Site.start();
      site.named = true;
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
});

const step = the('form', 'Second step');
const passkeys = the('list', 'Passkeys');
const adding = the('dialog', 'Add a passkey');
const codes = the('dialog', 'Your recovery codes');
const byPasskey = the('button', 'Use a passkey', step);

/** Opens the dialog that asks for a new passkey's name. */
async function beginAdding({ app, password }: Member, name: string): Promise<void> {
  await app.ui.click(the('button', 'Add a passkey'));
  await app.settings.confirm(password);
  await app.ui.fill(field('Name', adding), name);
}

async function goOn({ app }: Member): Promise<void> {
  await app.ui.click(the('button', 'Go on', adding));
}

/** The recovery codes, which come with the first passkey. */
async function keepCodes({ app: { ui } }: Member): Promise<string[]> {
  await ui.see(codes);
  const shown = await ui.evaluate(() =>
    [...document.querySelectorAll('dialog ul li')].map((item) => item.textContent ?? ''),
  );
  await ui.click(field('I have kept them', codes));
  await ui.click(the('button', 'Done', codes));
  return shown;
}

async function remove({ app: { ui, settings }, password }: Member, name: string): Promise<void> {
  await ui.click(the('button', `Remove ${name}`));
  await settings.confirm(password);
}

/** Logs out and gives the password again, in the tab that the key is plugged into. */
async function toSecondStep({ app, ...credentials }: Member): Promise<void> {
  await app.settings.backToMail();
  await app.mail.logOut();
  await app.logIn.submit(credentials);
}

test('a passkey is added by name, opens after the password, and is renamed', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const key = await SecurityKey.plugInto(alice.app);
  const { ui, settings, mail } = alice.app;
  await settings.open();
  await beginAdding(alice, ' ');
  await goOn(alice);
  await ui.seeDescription(field('Name', adding), /Give the passkey a name/);
  await ui.fill(field('Name', adding), 'My laptop');
  await goOn(alice);
  expect(await keepCodes(alice)).toHaveLength(10);
  await ui.seeText(passkeys, /My laptop.*not used yet/s);
  await ui.see(words(/10 recovery codes are left/));
  expect(await key.domains()).toEqual(['localhost']);
  world.faults.expect(/401/);
  await toSecondStep(alice);
  await ui.see(step);
  await ui.seeFocused(byPasskey);
  const refused = await ui.evaluate(async () => (await fetch('/api/v1/account')).status);
  expect(refused).toBe(401);
  await ui.click(byPasskey);
  await mail.isOpen();
  await settings.open();
  await ui.seeText(passkeys, /My laptop.*last used/s);
  await ui.click(the('button', 'Rename My laptop'));
  const renaming = the('dialog', 'Rename passkey');
  await ui.fill(field('Name', renaming), 'The old laptop');
  await ui.click(the('button', 'Save', renaming));
  await ui.seeText(passkeys, 'The old laptop');
  const other = await world.visitor();
  await other.logIn.open();
  await other.logIn.submit(alice);
  await other.ui.see(step);
});

test('who gives up, or is not recognised, is told so and nothing has changed', async ({ world }) => {
  const alice = await world.newcomer('alice');
  const key = await SecurityKey.plugInto(alice.app);
  const { ui, settings, mail } = alice.app;
  await settings.open();
  await key.isTouched(false);
  await beginAdding(alice, 'Never made');
  await goOn(alice);
  await ui.see(words('Follow what your browser or device asks.'));
  await ui.click(the('button', 'Cancel', adding));
  await ui.seeNo(adding);
  await key.isTouched(true);
  await key.recognises(false);
  await beginAdding(alice, 'Not mine');
  await goOn(alice);
  await ui.seeText(the('alert', undefined, adding), /Nothing was confirmed/);
  expect(await key.domains()).toEqual([]);
  await key.recognises(true);
  await goOn(alice);
  await keepCodes(alice);
  await ui.seeCount(the('listitem', undefined, passkeys), 1);
  await key.recognises(false);
  await toSecondStep(alice);
  await ui.click(byPasskey);
  await ui.seeText(the('alert', undefined, step), /Nothing was confirmed/);
  await key.recognises(true);
  await ui.click(byPasskey);
  await mail.isOpen();
});

test('a device makes no second passkey, and a recovery code stands in for one', async ({ world }) => {
  const alice = await world.newcomer('alice');
  await SecurityKey.plugInto(alice.app);
  const { ui, settings } = alice.app;
  await settings.open();
  await beginAdding(alice, 'Laptop');
  await goOn(alice);
  const [code = ''] = await keepCodes(alice);
  await beginAdding(alice, 'Laptop again');
  await goOn(alice);
  await ui.seeText(the('alert', undefined, adding), /has a passkey of your account already/);
  await ui.click(the('button', 'Cancel', adding));
  const elsewhere = await world.visitor();
  await SecurityKey.plugInto(elsewhere);
  await elsewhere.logIn.open();
  await elsewhere.logIn.submit(alice);
  await elsewhere.ui.click(byPasskey);
  await elsewhere.ui.seeText(the('alert', undefined, step), /Nothing was confirmed/);
  await elsewhere.ui.click(the('button', 'Use a recovery code', step));
  await elsewhere.ui.fill(field('Recovery code', step), code);
  await elsewhere.ui.click(the('button', 'Log in', step));
  await elsewhere.mail.isOpen();
});

test('app and passkey stand side by side; a removed passkey opens nothing, the code still does', async ({
  world,
}) => {
  const alice = await world.newcomer('alice');
  await SecurityKey.plugInto(alice.app);
  const { ui, settings, mail } = alice.app;
  await settings.open();
  await ui.click(the('button', 'Set up an authenticator app'));
  await settings.confirm(alice.password);
  const setUp = the('dialog', 'Set up an authenticator app');
  await ui.see(setUp);
  const phone = await Phone.scan(ui);
  await ui.fill(field('Code', setUp), await phone.code());
  await ui.click(the('button', 'Turn on', setUp));
  await keepCodes(alice);
  await beginAdding(alice, 'Laptop');
  await goOn(alice);
  await ui.seeText(passkeys, 'Laptop');
  await ui.seeNo(codes);
  await toSecondStep(alice);
  await ui.see(byPasskey);
  await ui.fill(field('Code', step), await phone.code());
  await ui.click(the('button', 'Log in', step));
  await mail.isOpen();
  await settings.open();
  await remove(alice, 'Laptop');
  await ui.seeNo(passkeys);
  await toSecondStep(alice);
  await ui.see(field('Code', step));
  await ui.seeNo(byPasskey);
  await ui.fill(field('Code', step), await phone.code());
  await ui.click(the('button', 'Log in', step));
  await mail.isOpen();
});

test('the last passkey takes two-step log-in with it, and the password alone opens', async ({ world }) => {
  const alice = await world.newcomer('alice');
  await SecurityKey.plugInto(alice.app);
  const second = await world.logIn(alice);
  const { ui, settings, mail } = alice.app;
  await settings.open();
  await beginAdding(alice, 'Laptop');
  await goOn(alice);
  await keepCodes(alice);
  await second.app.ui.see(words(/turned on in another session/));
  await remove(alice, 'Laptop');
  await ui.see(words(/It is off/));
  await second.app.ui.see(words(/turned off in another session/));
  await toSecondStep(alice);
  await mail.isOpen();
});

test('an answer that was altered on its way is refused', async ({ world, site }) => {
  const alice = await world.newcomer('alice');
  await SecurityKey.plugInto(alice.app);
  const { ui, settings, mail } = alice.app;
  await settings.open();
  await beginAdding(alice, 'Laptop');
  await goOn(alice);
  await keepCodes(alice);
  await toSecondStep(alice);
  site.proxy.interfere({
    path: /second-factor\/passkey$/,
    alter: (answer) => {
      const asked = JSON.parse(answer.body.toString()) as { challenge: string };
      asked.challenge = 'AAAAAAAAAAAAAAAAAAAAAA';
      return { ...answer, body: Buffer.from(JSON.stringify(asked)) };
    },
  });
  world.faults.expect(/401/);
  await ui.click(byPasskey);
  await ui.seeText(the('alert', undefined, step), /not accepted/);
  site.proxy.reset();
  await ui.click(byPasskey);
  await mail.isOpen();
});

for (const [name, options] of Object.entries(SIZES)) {
  test(`axe finds nothing where passkeys are: ${name}`, async ({ world, device, accounts }) => {
    if (!(device instanceof ChromiumBrowser)) throw new Error('this is for Chromium');
    const here = new World(world.site, device.with(options), world.faults, accounts);
    const alice = await here.newcomer('alice');
    const { ui, settings } = alice.app;
    const tab = ui;
    if (!(tab instanceof ChromiumTab)) throw new Error('this is for Chromium');
    const look = (screen: string) => expectInOrder(tab, `${screen}, ${name}`);
    const key = await SecurityKey.plugInto(alice.app);
    await settings.open();
    await beginAdding(alice, 'A device with a name that is rather longer than names should be');
    await look('adding a passkey');
    await key.isTouched(false);
    await goOn(alice);
    await ui.see(words('Follow what your browser or device asks.'));
    await look('waiting for a passkey');
    await ui.click(the('button', 'Cancel', adding));
    await key.isTouched(true);
    await beginAdding(alice, 'A device with a name that is rather longer than names are');
    await goOn(alice);
    await keepCodes(alice);
    await ui.see(passkeys);
    await look('passkeys');
    await ui.click(the('button', /^Rename A device/));
    await look('renaming a passkey');
    await ui.click(the('button', 'Cancel', the('dialog', 'Rename passkey')));
    await settings.backToMail();
    await tab.page.evaluate(() => fetch('/api/v1/auth/logout', { method: 'POST' }));
    await tab.page.goto('/');
    await alice.app.logIn.submit(alice);
    await ui.see(byPasskey);
    await look('second step with a passkey');
    await here.close();
  });
}
