import { readFile } from 'node:fs/promises';
import type { Answer } from '../support/proxy.ts';
import { expect, test } from '../support/test.ts';
import { the, words } from '../support/ui/target.ts';
import type { Ui } from '../support/ui/ui.ts';
import { until } from '../support/ui/until.ts';

const NO_NETWORK = /Failed to load resource|ERR_|NetworkError|CORS|EventSource|connection|502/i;
const SCRIPT = /^\/service-worker\.js$/;

/** Waits until the app is kept on the device. */
async function isKept(ui: Ui): Promise<void> {
  await ui.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

function builds(ui: Ui): Promise<string[]> {
  return ui.evaluate(() => caches.keys());
}

/** The script as another build has it. */
function newer(answer: Answer, alter: (script: string) => string = (script) => script): Answer {
  const script = answer.body.toString().replace(/"version":"[0-9a-f]+"/, '"version":"feed"');
  return { ...answer, body: Buffer.from(alter(script)) };
}

/** Asks for the newer version, and waits until the page is another. */
async function update(ui: Ui): Promise<void> {
  await ui.evaluate(() => void (document.body.dataset['page'] = 'older'));
  await ui.click(the('button', 'Reload to update'));
  await until(
    () => ui.evaluate(() => document.body.dataset['page'] === undefined).catch(() => false),
    () => 'the page was not reloaded',
  );
}

test('the app opens without a network, and answers nothing in the name of the server', async ({ world }) => {
  const { ui } = (await world.newcomer('alice')).app;
  await isKept(ui);
  world.faults.expect(NO_NETWORK);
  world.site.proxy.cut();
  await ui.reload();
  await ui.see(words('S-Mail'));
  const answered = await ui.evaluate(() =>
    fetch('/api/v1/server').then(
      () => true,
      () => false,
    ),
  );
  expect(answered).toBe(false);
  const kept = await ui.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(kept).toContain('/index.html');
  expect(kept.filter((path) => path.startsWith('/api'))).toEqual([]);
});

test('a newer version waits until it is asked for, and then replaces the other whole', async ({ world }) => {
  const { ui, mail } = (await world.newcomer('alice')).app;
  await isKept(ui);
  const [older] = await builds(ui);
  world.site.proxy.interfere({ path: SCRIPT, alter: (answer) => newer(answer) });
  await ui.reload();
  await ui.seeText(the('status', 'Update'), /new version/);
  expect(await builds(ui)).toEqual([older, 's-mail-shell-feed']);
  await update(ui);
  await mail.isOpen();
  await ui.seeNo(the('status', 'Update'));
  const script = await ui.evaluate(async () => {
    const { active, waiting } = await navigator.serviceWorker.ready;
    return { state: active?.state, waits: waiting !== null };
  });
  expect(script).toEqual({ state: 'activated', waits: false });
});

test('a page opens anew though the newer version does not come into its place', async ({ world }) => {
  const { ui, mail } = (await world.newcomer('alice')).app;
  await isKept(ui);
  world.site.proxy.interfere({
    path: SCRIPT,
    alter: (answer) => newer(answer, (script) => script.replace('take-over', 'stay-there')),
  });
  await ui.reload();
  await ui.see(the('status', 'Update'));
  await update(ui);
  await mail.isOpen();
});

test('a version of which a file is not what its list says is not kept', async ({ world }) => {
  const { ui, mail } = (await world.newcomer('alice')).app;
  await isKept(ui);
  const before = await builds(ui);
  world.faults.expect(/integrity|digest|service-worker|ServiceWorker|Failed to (load|find)/i);
  world.site.proxy.interfere({
    path: SCRIPT,
    alter: (answer) => newer(answer, (script) => script.replace(/("\/favicon\.svg":"sha256-)..../, '$1AAAA')),
  });
  const altered = world.site.proxy.altered;
  await ui.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => undefined);
  });
  expect(world.site.proxy.altered).toBeGreaterThan(altered);
  await until(
    async () => (await builds(ui)).join() === before.join(),
    () => 'half a version is kept',
  );
  await ui.reload();
  await mail.isOpen();
  await ui.seeNo(the('status', 'Update'));
});

for (const asked of [true, false]) {
  test(`an operator can have browsers forget the app, ${asked ? 'as asked for' : 'by itself'}`, async ({
    world,
  }) => {
    const { ui, mail } = (await world.newcomer('alice')).app;
    await isKept(ui);
    const body = await readFile(new URL('../../server/src/assets/no-service-worker.js', import.meta.url));
    world.site.proxy.interfere({ path: SCRIPT, alter: (answer) => ({ ...answer, body }) });
    await ui.reload();
    await mail.isOpen();
    await ui.see(the('status', 'Update'));
    if (asked) await update(ui);
    await mail.isOpen();
    await until(
      async () => (await builds(ui).catch(() => undefined))?.length === 0,
      () => 'a version is still kept',
    );
    await ui.reload();
    await mail.isOpen();
  });
}
