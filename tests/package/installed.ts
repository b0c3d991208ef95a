/** Before all tests: packs the package as it would be published and installs it into a fresh folder. */
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

const SOURCES = fileURLToPath(new URL('../../crypto-wasm/npm', import.meta.url));
const CONSUMER = fileURLToPath(new URL('consumer', import.meta.url));
const FOLDER = 'SMAIL_PACKAGE_FOLDER';
const TARBALL = 'SMAIL_PACKAGE_TARBALL';

/** Where to find what was packed and installed. */
export const installed = {
  /** The folder it is installed in; what tests make goes here too. */
  folder: (...parts: string[]) => join(named(FOLDER), ...parts),
  /** The package as it is installed. */
  package: (...parts: string[]) => installed.folder('node_modules/@s-mail/crypto', ...parts),
  tarball: () => named(TARBALL),
};

/** A project of its own beside the installed package, with the consumer's files in it. */
export async function project(name: string): Promise<string> {
  const folder = installed.folder(name);
  await cp(CONSUMER, folder, { recursive: true });
  return folder;
}

export default async function setUp(): Promise<() => Promise<void>> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'smail-package-')));
  const tarball = await pack(await fresh(join(folder, 'packed')));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], folder);
  process.env[FOLDER] = folder;
  process.env[TARBALL] = tarball;
  return () => rm(folder, { recursive: true, force: true });
}

async function pack(folder: string): Promise<string> {
  const arguments_ = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [packed] = JSON.parse(await run('npm', arguments_, SOURCES)) as { filename: string }[];
  const tarball = join(folder, packed?.filename ?? '');
  const bytes = await readFile(tarball);
  const sum = createHash('sha256').update(bytes).digest('hex');
  console.log(`${packed?.filename}: ${bytes.length} bytes, SHA-256 ${sum}`);
  return tarball;
}

async function fresh(folder: string): Promise<string> {
  await mkdir(folder);
  return folder;
}

function named(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set: these tests need playwright.config.ts beside them`);
  return value;
}
