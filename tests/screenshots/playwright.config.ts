import { defineConfig } from '@playwright/test';
import { inTarget } from '../support/programs.ts';

/** Takes pictures instead of testing. */
export default defineConfig({
  testDir: '.',
  testMatch: /\.shots\.ts$/,
  outputDir: inTarget('e2e'),
  workers: 2,
  fullyParallel: true,
  timeout: 600_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  projects: [{ name: 'chromium' }],
});
