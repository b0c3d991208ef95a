/** The crypto package in Chromium beside its peers, in turns; and beside the browser's own ciphers, which are the limit. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { chromium, test, type Page } from '@playwright/test';
import { CHROMIUM_FLAGS } from '../support/ui/chromium.ts';
import { programs } from '../support/programs.ts';
import { median, row, type Row } from './rows.ts';

const MESSAGE_MB = 25;
const STREAMED_MB = 500;
const SMALL_BYTES = 4_096;
const SUMMARIES = 10_000;
const BYTES_A_MB = 1_000_000;
/** Otherwise the browser waits for a convenient moment, up to twenty seconds. */
const MEASURE_MEMORY_AT_ONCE = '--enable-blink-features=ForceEagerMeasureMemory';

type Times = Record<string, number[]>;

/** What the page offers; see page/main.js. */
interface Measure {
  ready(): Promise<number>;
  megabytes(megabytes: number, rounds: number): Promise<Times>;
  fromOthers(container: 'SEIPD v1' | 'OCB', megabytes: number, rounds: number): Promise<Times>;
  attachment(megabytes: number, rounds: number): Promise<Times>;
  streaming(megabytes: number): Promise<number>;
  small(bytes: number, rounds: number, times: number): Promise<Times>;
  limit(megabytes: number, rounds: number): Promise<Times>;
  logIn(rounds: number): Promise<Times>;
  stretch(rounds: number): Promise<Times>;
  summaries(count: number, rounds: number): Promise<Times>;
}

const inRepository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const ROOTS: Record<string, string> = {
  page: inRepository('tests/bench/crypto/page'),
  package: inRepository('crypto-wasm/npm'),
  peers: inRepository('node_modules'),
};
const MODULE = inRepository('crypto-wasm/npm/dist/smail_crypto_wasm_bg.wasm');
const MEDIA_TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

test('the crypto package beside its peers', async () => {
  test.setTimeout(1_500_000);
  const server = await serve();
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.launch({
    executablePath: programs.chromium(),
    args: [...CHROMIUM_FLAGS, MEASURE_MEMORY_AT_ONCE],
  });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error.message));
    const rows = await measure(page, `http://127.0.0.1:${port}/page/index.html`);
    console.log(JSON.stringify(rows));
  } finally {
    await browser.close();
    server.close();
  }
});

async function measure(page: Page, address: string): Promise<Row[]> {
  const ask = <Name extends keyof Measure>(name: Name, ...values: Parameters<Measure[Name]>) =>
    page.evaluate(
      ([called, given]) => {
        const offered = (window as unknown as { measure: Record<string, (...all: unknown[]) => unknown> })
          .measure;
        return offered[called as string]?.(...(given as unknown[]));
      },
      [name, values] as const,
    ) as ReturnType<Measure[Name]>;

  const first: number[] = [];
  for (let load = 0; load < 6; load += 1) {
    await page.goto(address);
    await page.waitForFunction('window.measure');
    const ready = await ask('ready');
    if (load > 0) first.push(ready); // the first fills the cache
  }
  const attachment = await ask('attachment', MESSAGE_MB, 7);
  const message = await ask('megabytes', MESSAGE_MB, 7);
  const version1 = await ask('fromOthers', 'SEIPD v1', MESSAGE_MB, 7);
  const ocb = await ask('fromOthers', 'OCB', MESSAGE_MB, 3); // half a minute each, for the peer
  const limit = await ask('limit', MESSAGE_MB, 7);
  const small = await ask('small', SMALL_BYTES, 9, 40);
  const [stretch, native] = await besideNative(() => ask('stretch', 1), 9);
  const logIn = await ask('logIn', 7);
  const summaries = await ask('summaries', SUMMARIES, 9);
  const mostBytes = await ask('streaming', STREAMED_MB);
  const bytes = brotliCompressSync(await readFile(MODULE), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  }).length;
  const gcm = (1_000 * MESSAGE_MB) / of(limit, 'AES-GCM');
  return [
    ...beside(`${MESSAGE_MB} MB attachment, stream`, attachment, MESSAGE_MB, 3, ['seal', 'open']),
    ...['encrypt', 'decrypt'].map((way) => {
      const share = (1_000 * MESSAGE_MB) / of(attachment, way) / gcm;
      const name = `${MESSAGE_MB} MB attachment, ${way === 'encrypt' ? 'seal' : 'open'}, share of AES-GCM`;
      return row(name, share, '', '>= 0.45', share >= 0.45);
    }),
    ...beside(`${MESSAGE_MB} MB message`, message, MESSAGE_MB, 1.5),
    ...fromOthers(`${MESSAGE_MB} MB message in SEIPD v1`, version1),
    ...fromOthers(`${MESSAGE_MB} MB message in OCB`, ocb),
    ...atLimit(limit),
    ...beside('4 kB message', small, SMALL_BYTES / BYTES_A_MB, 2),
    row('Argon2id 64 MiB t=3 p=4', of(stretch, 'Argon2id'), 'ms'),
    row('the same by hash-wasm', of(stretch, 'peer Argon2id'), 'ms'),
    below('Argon2id, share of hash-wasm', ratio(stretch, 'Argon2id', 'peer Argon2id'), 'x', 0.75),
    ...timesNative(stretch['Argon2id'] ?? [], native),
    row('OPAQUE login with that, and what the server does', of(logIn, 'login'), 'ms'),
    row('the same by @serenity-kit/opaque', of(logIn, 'peer login'), 'ms'),
    below('OPAQUE login, share of @serenity-kit/opaque', ratio(logIn, 'login', 'peer login'), 'x', 1),
    below(`open ${SUMMARIES} summaries of 300 bytes`, of(summaries, 'open'), 'ms', 60),
    below(`memory while ${STREAMED_MB} MB pass both ways, at most`, mostBytes / BYTES_A_MB, 'MB', 96),
    below('module, brotli', bytes / 1_000, 'kB', 480),
    below('first use, from a warm cache', median(first), 'ms', 150),
  ];
}

/** Both ways of a message, as rates, and how many times as fast as the peer. */
function beside(
  what: string,
  times: Times,
  megabytes: number,
  goal: number,
  verbs = ['sign+encrypt', 'decrypt+verify'],
): Row[] {
  return ['encrypt', 'decrypt'].flatMap((way, index) => {
    const [ours, theirs] = [of(times, way), of(times, `peer ${way}`)];
    const verb = verbs[index];
    const factor = ratio(times, `peer ${way}`, way);
    return [
      megabytes >= 1
        ? row(`${what}, ${verb}`, (1_000 * megabytes) / ours, 'MB/s')
        : row(`${what}, ${verb}`, ours, 'ms'),
      megabytes >= 1
        ? row(`the same by OpenPGP.js`, (1_000 * megabytes) / theirs, 'MB/s')
        : row(`the same by OpenPGP.js`, theirs, 'ms'),
      row(`${what}, ${verb}, times as fast`, factor, 'x', `>= ${goal}`, factor >= goal),
    ];
  });
}

/** What others wrote, as rates, and how many times as fast as the peer: told alone, for browsers have no cipher for it. */
function fromOthers(what: string, times: Times): Row[] {
  const rate = (name: string) => (1_000 * MESSAGE_MB) / of(times, name);
  return [
    row(`${what}, decrypt+verify`, rate('decrypt'), 'MB/s'),
    row('the same by OpenPGP.js', rate('peer decrypt'), 'MB/s'),
    row(`${what}, decrypt+verify, times as fast`, ratio(times, 'peer decrypt', 'decrypt'), 'x'),
  ];
}

function atLimit(times: Times): Row[] {
  return Object.keys(times).map((name) =>
    row(`the browser's ${name}`, (1_000 * MESSAGE_MB) / of(times, name), 'MB/s'),
  );
}

/**
 * Rounds in the page, and between them the same work by the same crate, compiled for this processor: the machine's speed
 * changes within seconds. See `cargo xtask bench`, which names the program.
 */
async function besideNative(measure: () => Promise<Times>, rounds: number): Promise<[Times, number[]]> {
  const program = process.env['NATIVE_ARGON2ID'];
  const all: Times = {};
  const native: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, times] of Object.entries(await measure())) all[name] = [...(all[name] ?? []), ...times];
    if (program) native.push(Number((await promisify(execFile)(program, ['1'])).stdout));
  }
  return [all, native];
}

function timesNative(ours: number[], native: number[]): Row[] {
  if (native.length === 0) return [];
  const quotients = ours.map((ms, round) => ms / (native[round] ?? NaN));
  return [
    row('Argon2id, native on one thread', median(native), 'ms'),
    below('Argon2id, times the native one', median(quotients), 'x', 1.25),
  ];
}

function below(name: string, value: number, unit: string, goal: number): Row {
  return row(name, value, unit, `<= ${goal}`, value <= goal);
}

function of(times: Times, name: string): number {
  return median(times[name] ?? []);
}

/** The median of the rounds' quotients: what slows a round slows both. */
function ratio(times: Times, over: string, under: string): number {
  const unders = times[under] ?? [];
  return median((times[over] ?? []).map((value, round) => value / (unders[round] ?? NaN)));
}

/** Serves the page, the package and its peers, with caching, to this machine alone. */
async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '').then(
      ({ body, type }) => {
        response.writeHead(200, {
          'content-type': type,
          'cache-control': 'max-age=3600',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-embedder-policy': 'require-corp',
        });
        response.end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

async function answer(url: string): Promise<{ body: Buffer; type: string }> {
  const [, root = '', ...path] = new URL(url, 'http://127.0.0.1').pathname.split('/');
  const folder = ROOTS[root];
  const type = MEDIA_TYPES[extname(url)];
  if (!folder || !type || path.includes('..')) throw new Error('not served');
  return { body: await readFile(`${folder}/${path.join('/')}`), type };
}
