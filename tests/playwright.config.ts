import { defineConfig } from '@playwright/test';
import { inTarget } from './support/programs.ts';

/** No retries: a test that fails now and then is a fault to be found. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: inTarget('e2e'),
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  projects: [{ name: 'chromium' }, { name: 'firefox', testIgnore: /\.chromium\.spec\.ts$/ }],
});
