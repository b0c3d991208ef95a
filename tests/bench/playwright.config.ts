import { defineConfig } from '@playwright/test';
import { inTarget } from '../support/programs.ts';

/** Measures instead of testing: one thing at a time, and nothing on standard output but the rows. */
export default defineConfig({
  testDir: '.',
  testMatch: /\.bench\.ts$/,
  outputDir: inTarget('e2e'),
  workers: 1,
  timeout: 300_000,
  reporter: [['line']],
  projects: [{ name: 'chromium' }],
});
