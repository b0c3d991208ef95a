import { defineConfig } from '@playwright/test';
import { inTarget } from '../support/programs.ts';

/** One project a program: each can be left out where it is missing. The longest begins. No browser is started. */
export default defineConfig({
  testDir: '.',
  outputDir: inTarget('interop'),
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [['dot'], ['./matrix.ts']],
  projects: ['openpgpjs', 'rnp', 'gnupg', 'sequoia'].map((name) => ({ name, testMatch: `${name}.spec.ts` })),
});
