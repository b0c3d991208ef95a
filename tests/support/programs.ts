/** Where the programs are that these tests start. Each can be named in the environment. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = fileURLToPath(new URL('../../', import.meta.url));
const targetDir = resolve(workspace, process.env['CARGO_TARGET_DIR'] ?? 'target');

/** A program that cargo has built: the one the variable names, else the release build, else the debug build. */
function built(variable: string, name: string, howToBuild: string): string {
  const named = process.env[variable];
  const places = named ? [named] : ['release', 'debug'].map((profile) => join(targetDir, profile, name));
  const found = places.find((place) => existsSync(place));
  if (!found) throw new Error(`${places.join(' and ')}: not there; ${howToBuild}, or set ${variable}`);
  return found;
}

export const programs = {
  /** The server under test. */
  smail: () => built('SMAIL_BIN', 'smail', 'run `cargo xtask build`'),
  /** The hostile sender (tests/src/bin/smail-mallory.rs). */
  mallory: () => built('SMAIL_MALLORY_BIN', 'smail-mallory', 'run `cargo build -p smail-tests --bins`'),
  /** The maker of large mailboxes (tests/src/bin/smail-mailbox.rs). */
  mailbox: () => built('SMAIL_MAILBOX_BIN', 'smail-mailbox', 'run `cargo build -p smail-tests --bins`'),
  /** The canary scanner (tests/src/bin/smail-scan.rs). */
  scan: () => built('SMAIL_SCAN_BIN', 'smail-scan', 'run `cargo build -p smail-tests --bins`'),
  chromium: () => process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  firefox: () => process.env['FIREFOX'] ?? '/usr/bin/firefox-esr',
};

/** A path below the build directory. */
export function inTarget(...parts: string[]): string {
  return join(targetDir, ...parts);
}
