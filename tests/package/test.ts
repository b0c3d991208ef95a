/** The test function, with the browser that a worker's tests share; and what the consumer's program must come to. */
import { test as base, expect } from '@playwright/test';
import { argon2id } from 'hash-wasm';
import { readFileSync } from 'node:fs';
import { launch } from '../support/ui/launch.ts';
import type { Browser } from '../support/ui/ui.ts';
import { installed } from './installed.ts';

interface Shared {
  device: Browser;
}

export const test = base.extend<object, Shared>({
  device: [
    async ({}, use, { project }) => {
      const device = await launch(project.name);
      await use(device);
      await device.close();
    },
    { scope: 'worker' },
  ],
});

export { expect };

/** What consumer/program.js must come to, everywhere. */
export async function expected(): Promise<object> {
  const { version } = JSON.parse(readFileSync(installed.package('package.json'), 'utf8')) as {
    version: string;
  };
  const octets = (length: number) => Uint8Array.from({ length }, (_, index) => index * 31);
  return {
    early: 'not-initialized',
    version,
    small: 'valid',
    large: 'valid',
    stream: 'valid',
    envelope: 'opened, elsewhere open-tampered',
    stretched: await argon2id({
      password: octets(8),
      salt: octets(16),
      hashLength: 16,
      memorySize: 64,
      iterations: 1,
      parallelism: 1,
      outputType: 'hex',
    }),
    request: 32,
  };
}

/** What a page must come to. */
export async function quietly(): Promise<object> {
  return { came: await expected(), violations: [] };
}
