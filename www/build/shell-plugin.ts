import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

/** The service worker's file in the build, at the root because it answers for the whole app. */
export const SERVICE_WORKER = 'service-worker.js';

/** What is used before anybody has an account, or never by the app itself: not worth a place on every device. */
const NOT_KEPT = [/@zxcvbn-ts/];
const NOT_KEPT_FILES = /\.(br|gz|map)$|^icon-|^apple-touch-icon\.png$/;

/**
 * Writes the list of the app's files, each with the SHA-256 that it must have, in front of the service worker: so it keeps one
 * whole build or nothing. Its version stands for the list and the worker's own code.
 */
export function shellPlugin(): Plugin {
  const left = new Set<string>();
  return {
    name: 's-mail-shell',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const [fileName, file] of Object.entries(bundle)) {
        const modules = file.type === 'chunk' ? file.moduleIds : [];
        if (modules.some((id) => NOT_KEPT.some((pattern) => pattern.test(id)))) left.add(fileName);
      }
    },
    writeBundle({ dir }) {
      if (dir === undefined) return;
      const code = readFileSync(join(dir, SERVICE_WORKER), 'utf8');
      const files = Object.fromEntries(
        filesIn(dir)
          .filter((name) => name !== SERVICE_WORKER && !NOT_KEPT_FILES.test(name) && !left.has(name))
          .map((name) => [`/${name}`, `sha256-${digest(readFileSync(join(dir, name)))}`]),
      );
      const version = createHash('sha256')
        .update(JSON.stringify(files))
        .update(code)
        .digest('hex')
        .slice(0, 16);
      writeFileSync(join(dir, SERVICE_WORKER), `self.SHELL=${JSON.stringify({ version, files })};\n${code}`);
    },
  };
}

function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function digest(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('base64');
}
