/** The package in Node.js, and what npm and TypeScript make of it. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTarget } from '../support/programs.ts';
import { installed, project } from './installed.ts';
import { run, tool } from './run.ts';
import { expect, expected, test } from './test.ts';

const COMPILER_OPTIONS = { target: 'es2023', lib: ['es2023', 'esnext.disposable', 'dom'], types: [] };

const inRepository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const node = (file: string, folder: string) => run(process.execPath, [file], folder);

for (const [where, file] of [
  ['the main thread', 'node.js'],
  ['a worker thread', 'thread.js'],
] as const) {
  test(`Node.js, in ${where}`, async () => {
    const folder = await project(`node-${file}`);
    expect(JSON.parse(await node(file, folder))).toEqual(await expected());
  });
}

test('Node.js, required by a CommonJS module', async () => {
  const folder = await project('node-required');
  expect(await node('required.cjs', folder)).toBe('alice@example.org\n');
});

test('the first example of the README works and is short', async () => {
  const readme = await readFile(installed.package('README.md'), 'utf8');
  const example = /```js\n(?<code>.*?)```/s.exec(readme)?.groups?.['code'] ?? '';
  expect(example.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(10);
  await writeFile(installed.folder('readme.js'), example);
  expect(await node('readme.js', installed.folder())).toBe('Hello, Bob valid\n');
});

for (const [module, moduleResolution] of [
  ['esnext', 'bundler'],
  ['nodenext', 'nodenext'],
] as const) {
  test(`TypeScript, moduleResolution ${moduleResolution}`, async () => {
    const folder = await project(`types-${moduleResolution}`);
    const compilerOptions = {
      ...COMPILER_OPTIONS,
      ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipDefaultLibCheck: true },
      ...{ module, moduleResolution },
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }));
    await tool('tsc', ['--project', '.'], folder);
  });
}

test('publint finds nothing', async () => {
  await tool('publint', ['run', installed.tarball(), '--strict'], installed.folder());
});

test('arethetypeswrong finds nothing', async () => {
  await tool('attw', [installed.tarball(), '--profile', 'esm-only'], installed.folder());
});

test('the licences are the project’s', async () => {
  for (const name of ['LICENSE-APACHE', 'LICENSE-MIT']) {
    expect(await readFile(installed.package(name), 'utf8')).toBe(await readFile(inRepository(name), 'utf8'));
  }
});

test('no path of the machine it was built on is in it', async () => {
  const module = await readFile(installed.package('dist/smail_crypto_wasm_bg.wasm'), 'latin1');
  const paths = new Set(module.match(/\/(?:home|root|Users|tmp|build)\/[\w./-]*/g));
  expect([...paths].slice(0, 5)).toEqual([]);
});

test('TypeDoc documents it without a warning', async () => {
  const folder = installed.folder('documented'); // it passes over what is in node_modules
  await cp(installed.package(), folder, { recursive: true });
  const compilerOptions = { ...COMPILER_OPTIONS, module: 'nodenext' };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['index.d.ts'] }));
  await cp(inRepository('crypto-wasm/npm/typedoc.json'), join(folder, 'typedoc.json'));
  await tool('typedoc', ['--out', inTarget('docs/crypto')], folder);
});
