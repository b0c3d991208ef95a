/** The package without a bundler, in both browsers, under the strictest policy there is. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installed, project } from './installed.ts';
import { outcomeOf, Site, STRICT, TRUSTED } from './site.ts';
import { expect, quietly, test } from './test.ts';

test.beforeAll(async () => {
  await project('import-map');
  // Import maps do not reach into workers: there the package is imported by its address.
  const program = join(await project('by-address'), 'program.js');
  const text = await readFile(program, 'utf8');
  await writeFile(program, text.replace("'@s-mail/crypto'", "'/node_modules/@s-mail/crypto/index.js'"));
});

test('through an import map', async ({ device }) => {
  const policy = STRICT.replace("'self'", `'self' ${await hashOfMap()}`);
  expect(await outcomeOf(device, '/import-map/import-map.html', `${policy}; ${TRUSTED}`)).toEqual(
    await quietly(),
  );
});

test('with wasm-unsafe-eval alone', async ({ device }) => {
  expect(await outcomeOf(device, '/by-address/main.html', STRICT)).toEqual(await quietly());
});

test('under Trusted Types', async ({ device }) => {
  const policy = `${STRICT}; ${TRUSTED}`;
  expect(await outcomeOf(device, '/by-address/main.html', policy)).toEqual(await quietly());
});

test('in a worker', async ({ device }) => {
  const page = '/by-address/with-worker.html';
  expect(await outcomeOf(device, page, STRICT, `${STRICT}; ${TRUSTED}`)).toEqual(await quietly());
});

test('a policy without wasm-unsafe-eval is felt, and told of', async ({ device }) => {
  const { came, violations } = await outcomeOf(
    device,
    '/by-address/main.html',
    STRICT.replace(" 'wasm-unsafe-eval'", ''),
  );
  expect(came).toMatch(/^CompileError: /);
  expect(violations).toContain('script-src wasm-eval');
});

test('Trusted Types are felt', async ({ device }) => {
  const site = await Site.start(() => `${STRICT}; ${TRUSTED}`);
  const tab = await device.tab(site.origin, () => undefined);
  await tab.open('/by-address/main.html');
  const refusal = await tab.evaluate(() => {
    try {
      document.createElement('script').text = 'a text';
      return 'none';
    } catch (error) {
      return String(error);
    }
  });
  await tab.close();
  await site.close();
  expect(refusal).toMatch(/^TypeError: .*(?:TrustedScript|Sink type mismatch)/);
});

/** The source expression that allows the page's import map, the only script within it. */
async function hashOfMap(): Promise<string> {
  const page = await readFile(installed.folder('import-map/import-map.html'), 'utf8');
  const map = /<script type="importmap">(?<map>.*?)<\/script>/s.exec(page)?.groups?.['map'] ?? '';
  return `'sha256-${createHash('sha256').update(map).digest('base64')}'`;
}
