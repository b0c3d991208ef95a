import { defineConfig } from '@playwright/test';
import { inTarget } from '../support/programs.ts';

/** What people do with the package, done with the packed one. The tests of a file run one after the other, two files at once. */
export default defineConfig({
  testDir: '.',
  globalSetup: './installed.ts',
  outputDir: inTarget('package'),
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  projects: [
    { name: 'chromium', testIgnore: /node\.spec/ },
    { name: 'firefox', testMatch: /unbundled\.spec|example\.spec/ },
    { name: 'node', testMatch: /node\.spec/ },
  ],
});
