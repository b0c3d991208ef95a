/** What a person waits for in mailboxes of several sizes: to see the list, to read, to scroll, to send. In Chromium. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { App } from '../support/pages/app.ts';
import { programs } from '../support/programs.ts';
import { Site } from '../support/site.ts';
import { ChromiumBrowser, type ChromiumTab } from '../support/ui/chromium.ts';
import { the } from '../support/ui/target.ts';
import { median, row, type Row } from './rows.ts';
import { drawn, memoryMb, rendererMb, scrollThrough, stopwatch } from './webmail-page.ts';

const SIZES = (process.env['MESSAGES'] ?? '1000,10000,100000').split(',').map(Number);
const ROUNDS = 7;
/** Rows that are drawn when the first page of the list is there. */
const FIRST_ROWS = 50;
/** A screen that so many are drawn on: 30 that are seen, and the margin below them. */
const TALL = { width: 1280, height: 3_200 };
const ORDINARY = { width: 1280, height: 720 };
/** Of twelve that are made for it; every second one is opened. */
const OPENED = 6;
const SEARCHES = [
  'harbour invoice meeting',
  'lantern schedule garden',
  'report ticket window',
  'chapter kitchen contract',
  'station picture budget',
  'weekend letter summer',
  'bicycle concert delivery',
  'question answer project',
];
const HIT = { selector: 'ul[aria-label="Search results"] li', count: 1 };
const NO_LIMIT = ['--requests-per-minute', '100000000'];
const MAKING_LIMIT_MS = 3_600_000;

interface Person {
  username: string;
  password: string;
}

test('mailboxes of several sizes', async () => {
  test.setTimeout(4 * MAKING_LIMIT_MS);
  const browser = await ChromiumBrowser.launch();
  const rows: Row[] = [];
  try {
    for (const messages of SIZES) rows.push(...(await measure(browser, messages)));
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify(rows));
});

async function measure(browser: ChromiumBrowser, messages: number): Promise<Row[]> {
  const site = await Site.start(...NO_LIMIT);
  site.measured = true;
  try {
    const tab = async () => browser.tab(site.origin, (fault) => console.error(fault));
    const [alice, bob] = [person('alice'), person('bob')];
    await signUp(await tab(), bob);
    await signUp(await tab(), alice);
    const made = performance.now();
    const { octets } = await fill(site, alice, messages);
    const makingS = (performance.now() - made) / 1_000;
    const cold = [];
    for (let round = 0; round < ROUNDS; round += 1) cold.push(await coldLogIn(await tab(), alice));
    const page = await tab();
    await logIn(page, alice);
    const of = (name: string) => `${name}, ${messages} messages`;
    const takingInMs = await takenIn(page);
    const opening = await openMessages(page);
    const prefetched = await openPrefetched(page);
    const { firstMs, nextMs } = await searches(page);
    const scrolling = await scrollThrough(page.page);
    const memory = await memoryMb(page.page);
    const scrolled = await rendererMb(page.page);
    const warm = [];
    await page.page.setViewportSize(TALL);
    for (let round = 0; round < ROUNDS; round += 1) warm.push(await warmStart(page));
    await page.page.setViewportSize(ORDINARY);
    const sending = [];
    for (let round = 0; round < ROUNDS; round += 1) sending.push(await send(page, bob.username, round));
    const shell = await shellKb(await tab());
    const held = await rendererMb(page.page);
    await page.close();
    const index = await indexOnNewDevice(await tab(), alice);
    return [
      atMost(of('warm start, page to first 50 rows'), median(warm), 'ms', 700),
      atMost(of('cold login, click to first 50 rows'), median(cold), 'ms', 1_500),
      atMost(of('open a 20 kB message, click to body'), median(opening), 'ms', 80),
      atMost(of('open the next one, prefetched'), median(prefetched), 'ms', 40),
      atMost(of('search, 3 words, Enter to first hit'), median(nextMs), 'ms', messages > 10_000 ? 150 : 50),
      row(of('the same, the very first search'), firstMs, 'ms'),
      atMost(of('index on a new device, from log-in'), index.ms / 1_000, 's', 10),
      atMost(of("index, of the messages' size"), (100 * index.bytes) / octets, '%', 15),
      atMost(of('scroll through all rows, longest frame'), scrolling.longestMs, 'ms', 50),
      row(of('the same, frames over 50 ms'), scrolling.over50, ''),
      row(of('memory of the page after scrolling, without the worker'), memory, 'MB'),
      // What the browser counts leaves out the worker's WebAssembly memory; this has the browser's own part in it.
      atMost(of('memory of the whole process after scrolling'), scrolled, 'MB', 250),
      row(of('the same, after reloads and sending'), held, 'MB'),
      atMost(of('send, click to "Message sent"'), median(sending), 'ms', 300),
      row(of('all summaries taken in, from log-in'), takingInMs / 1_000, 's'),
      row(of('rows in the inbox'), scrolling.rows, ''),
      row(of('making it'), makingS, 's'),
      ...(messages === SIZES[0] ? [atMost('app shell, brotli', shell, 'kB', 180)] : []),
    ];
  } finally {
    await site.close();
  }
}

function atMost(name: string, value: number, unit: string, goal: number): Row {
  return row(name, value, unit, `<= ${goal}`, value <= goal);
}

function person(username: string): Person {
  return { username, password: `${username} walks 14 grey herons home` };
}

async function signUp(tab: ChromiumTab, who: Person): Promise<void> {
  const app = new App(tab);
  await app.signUp.open();
  await app.signUp.submit(who);
  await app.signUp.passRecoveryKit();
  await tab.close();
}

/** Makes the mailbox and its index. Answers how many octets its messages have. */
async function fill(
  site: Site,
  { username, password }: Person,
  messages: number,
): Promise<{ octets: number }> {
  const who = ['--server', site.server.origin, '--username', username, '--password', password];
  const made = [...who, '--messages', String(messages), '--index'];
  const { stdout } = await promisify(execFile)(programs.mailbox(), made, { timeout: MAKING_LIMIT_MS });
  return JSON.parse(stdout) as { octets: number };
}

async function logIn(tab: ChromiumTab, who: Person): Promise<App> {
  const app = new App(tab);
  await app.logIn.open();
  await app.logIn.submit(who);
  await app.mail.isOpen();
  return app;
}

/** On a device that has loaded the page, but not the account. */
async function coldLogIn(tab: ChromiumTab, who: Person): Promise<number> {
  const app = new App(tab);
  await tab.page.setViewportSize(TALL);
  await app.logIn.open();
  await tab.fill(app.logIn.username, who.username);
  await tab.fill(app.logIn.password, who.password);
  const first = await stopwatch(tab.page, drawn(FIRST_ROWS));
  await tab.click(app.logIn.button);
  const ms = await first();
  await tab.close();
  return ms;
}

/** The page anew, with a session that is alive: from its navigation on. */
async function warmStart({ page }: ChromiumTab): Promise<number> {
  await page.goto('/mail', { waitUntil: 'commit' });
  const handle = await page.waitForFunction(
    ({ rows }) => {
      const links = document.querySelectorAll('ul[aria-label="Messages"] a[data-row]').length;
      return links >= rows ? performance.now() : undefined;
    },
    { rows: FIRST_ROWS },
    { polling: 'raf' },
  );
  return (await handle.jsonValue()) ?? NaN;
}

/** How long it takes until every summary is there: the list says that it is no longer than it is. */
async function takenIn({ page }: ChromiumTab): Promise<number> {
  const begun = performance.now();
  await expect(page.locator('[data-taken-in="all"]')).toBeAttached({ timeout: 900_000 });
  return performance.now() - begun;
}

/** Every second of the newest messages, which are of 20 kB and in no conversation: what is next to it was not open. */
async function openMessages(tab: ChromiumTab): Promise<number[]> {
  const times = [];
  for (let round = 0; round < OPENED; round += 1) times.push(await openRow(tab, 2 * round));
  await tab.page.goto('/mail');
  await takenIn(tab);
  return times;
}

/** Down the same list, one after another: when one is open and the network is quiet, the next has been fetched. */
async function openPrefetched(tab: ChromiumTab): Promise<number[]> {
  const times = [];
  for (let at = 0; at < 2 * OPENED; at += 1) {
    const ms = await openRow(tab, at);
    if (at > 0) times.push(ms);
    await tab.page.waitForLoadState('networkidle');
  }
  await tab.page.goto('/mail');
  await takenIn(tab);
  return times;
}

/** Milliseconds from the click on a row to the body that it shows. */
async function openRow({ page }: ChromiumTab, at: number): Promise<number> {
  const body = await stopwatch(page, {
    selector: 'section[aria-label="Message body"]',
    count: 1,
    changed: true,
  });
  await page.locator(`a[data-index="${at}"]`).click();
  return body();
}

/** Searches for three words, the index being there: from Enter to the first hit. The very first one by itself. */
async function searches(tab: ChromiumTab): Promise<{ firstMs: number; nextMs: number[] }> {
  const { search } = new App(tab);
  await search.for('nothing-that-is-there');
  await indexed(tab);
  const times = [];
  for (const query of SEARCHES) {
    await tab.fill(search.field, query);
    const hit = await stopwatch(tab.page, { ...HIT, changed: true }, 'keydown');
    await tab.press('Enter');
    times.push(await hit());
  }
  await tab.page.goto('/mail');
  await takenIn(tab);
  const [firstMs = NaN, ...nextMs] = times;
  return { firstMs, nextMs };
}

async function indexed({ page }: ChromiumTab): Promise<void> {
  await expect(page.locator('[data-indexed="all"]')).toBeAttached({ timeout: 900_000 });
}

/** From the click that logs in to an index that is whole, with the octets that came for it. */
async function indexOnNewDevice(tab: ChromiumTab, who: Person): Promise<{ ms: number; bytes: number }> {
  let bytes = 0;
  tab.page.on('requestfinished', (request) => {
    if (!/\/blobs\//.test(request.url()) || request.method() !== 'GET') return;
    void request.sizes().then(({ responseBodySize }) => (bytes += responseBodySize));
  });
  const begun = performance.now();
  const app = await logIn(tab, who);
  await app.search.for('harbour');
  await indexed(tab);
  const ms = performance.now() - begun;
  await tab.close();
  return { ms, bytes };
}

async function send(tab: ChromiumTab, to: string, round: number): Promise<number> {
  const { compose } = new App(tab);
  await compose.open();
  await compose.write({ to, subject: `Measured ${round}`, text: 'A few lines.\n'.repeat(8) });
  await tab.see(the('button', `Remove ${to}`));
  const sent = await stopwatch(tab.page, { text: 'Message sent', count: 1 });
  await tab.click(compose.sendButton);
  const ms = await sent();
  // The next round waits for a word of its own.
  await expect(tab.page.getByText('Message sent', { exact: true })).toHaveCount(0, { timeout: 20_000 });
  return ms;
}

/** What the page loads before it is used, compressed, without the cryptography. */
async function shellKb({ page }: ChromiumTab): Promise<number> {
  let bytes = 0;
  page.on('requestfinished', (request) => {
    if (/\/api\/|\.wasm$/.test(request.url())) return;
    void request.sizes().then(({ responseBodySize }) => (bytes += responseBodySize));
  });
  await page.goto('/', { waitUntil: 'networkidle' });
  await expect.poll(() => bytes).toBeGreaterThan(0);
  await page.context().close();
  return bytes / 1_000;
}
