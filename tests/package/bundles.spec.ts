/** The package in what bundlers make of it, in Chromium, under the strictest policy there is. */
import { nodeResolve } from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rollup } from 'rollup';
import * as vite from 'vite';
import webpack from 'webpack';
import { installed, project } from './installed.ts';
import { outcomeAt, outcomeOf, STRICT, TRUSTED } from './site.ts';
import { expect, quietly, test } from './test.ts';

/** webpack's runtime loads a worker's scripts by a Trusted Types policy of its own, or without any. */
const TRUSTED_OF: Record<string, string> = { webpack: TRUSTED.replace("'none'", 'webpack') };
const PAGES = ['main', 'with-worker'];
const MODULE = 'dist/smail_crypto_wasm_bg.wasm';

/** Each makes bundles of `main.js` and `with-worker.js`, of the latter's worker too, and gives the folder they are in. */
const BUNDLERS: Record<string, (folder: string) => Promise<string>> = {
  Vite: withVite,
  webpack: withWebpack,
  esbuild: withEsbuild,
  Rollup: withRollup,
};

for (const [name, bundle] of Object.entries(BUNDLERS)) {
  test.describe(name, () => {
    const policy = `${STRICT}; ${TRUSTED_OF[name] ?? TRUSTED}`;
    let out: string;

    test.beforeAll(async () => {
      out = await bundle(await project(name));
    });

    test('on the main thread', async ({ device }) => {
      expect(await outcomeOf(device, `${out}/main.html`, policy)).toEqual(await quietly());
    });

    test('in a worker', async ({ device }) => {
      const page = `${out}/with-worker.html`;
      expect(await outcomeOf(device, page, STRICT, policy)).toEqual(await quietly());
    });

    test('the module is there once', async () => {
      const files = await readdir(installed.folder(out), { recursive: true });
      expect(files.filter((file) => file.endsWith('.wasm'))).toHaveLength(1);
    });
  });
}

test('Vite’s server for development', async ({ device }) => {
  await project('vite-dev');
  const server = await vite.createServer({
    configFile: false,
    root: installed.folder(),
    cacheDir: installed.folder('vite-cache'),
    logLevel: 'warn',
    server: { host: '127.0.0.1', port: 0, headers: { 'content-security-policy': "connect-src 'self'" } },
  });
  try {
    await server.listen();
    const [origin = ''] = server.resolvedUrls?.local ?? [];
    expect(await outcomeAt(device, origin, '/vite-dev/main.html')).toEqual(await quietly());
  } finally {
    await server.close();
  }
});

async function withVite(folder: string): Promise<string> {
  const warnings: string[] = [];
  await vite.build({
    configFile: false,
    root: folder,
    base: './',
    logLevel: 'warn',
    customLogger: { ...vite.createLogger(), warn: (message) => void warnings.push(message) },
    build: { rolldownOptions: { input: PAGES.map((page) => join(folder, `${page}.html`)) } },
  });
  expect(warnings).toEqual([]);
  return '/Vite/dist';
}

async function withWebpack(folder: string): Promise<string> {
  const compiler = webpack({
    mode: 'production',
    context: folder,
    entry: Object.fromEntries(PAGES.map((page) => [page, `./${page}.js`])),
    output: { path: join(folder, 'dist'), trustedTypes: 'webpack' },
    performance: { hints: false },
  });
  const stats = await new Promise<webpack.Stats | undefined>((done, failed) => {
    compiler.run((error, made) => (error ? failed(error) : done(made)));
  });
  expect(stats?.toJson().errors).toEqual([]);
  expect(stats?.toJson().warnings).toEqual([]);
  await copyPages(folder, 'dist', 'defer');
  return '/webpack/dist';
}

async function withEsbuild(folder: string): Promise<string> {
  // esbuild does not look for files behind `new URL`: the module is imported, and its address given to `init`.
  await writeFile(join(folder, 'source.js'), "export { default as source } from '@s-mail/crypto/wasm';\n");
  const { warnings } = await esbuild.build({
    absWorkingDir: folder,
    entryPoints: [...PAGES.map((page) => `${page}.js`), 'worker.js'],
    bundle: true,
    minify: true,
    format: 'esm',
    loader: { '.wasm': 'file' },
    outdir: 'dist',
    logLevel: 'silent',
  });
  expect(warnings).toEqual([]);
  await copyPages(folder, 'dist', 'type="module"');
  return '/esbuild/dist';
}

async function withRollup(folder: string): Promise<string> {
  // Nor does Rollup: the module is copied beside the bundle.
  await writeFile(
    join(folder, 'source.js'),
    "export const source = new URL('smail_crypto_wasm_bg.wasm', import.meta.url);\n",
  );
  const warnings: string[] = [];
  const bundle = await rollup({
    input: [...PAGES, 'worker'].map((entry) => join(folder, `${entry}.js`)),
    plugins: [nodeResolve({ browser: true })],
    onwarn: ({ message }) => void warnings.push(message),
  });
  await bundle.write({ dir: join(folder, 'dist'), format: 'es' });
  await bundle.close();
  expect(warnings).toEqual([]);
  await copyFile(installed.package(MODULE), join(folder, 'dist/smail_crypto_wasm_bg.wasm'));
  await copyPages(folder, 'dist', 'type="module"');
  return '/Rollup/dist';
}

/** Puts the pages beside their bundles, with the kind of script that the bundler makes. */
async function copyPages(folder: string, out: string, kind: string): Promise<void> {
  for (const page of PAGES) {
    const html = await readFile(join(folder, `${page}.html`), 'utf8');
    await writeFile(join(folder, out, `${page}.html`), html.replace('type="module"', kind));
  }
}
