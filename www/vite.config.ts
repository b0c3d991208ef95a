import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { SERVICE_WORKER, shellPlugin } from './build/shell-plugin.ts';

/** Where `cargo xtask run` serves the API while the web app itself comes from Vite. */
const API_SERVER = process.env['SMAIL_API'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte(), shellPlugin()],
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // No data: URLs and no inline script, so that the content security policy needs no exception.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: 'index.html', 'service-worker': 'src/offline/service-worker.ts' },
      output: {
        entryFileNames: ({ name }) =>
          name === 'service-worker' ? SERVICE_WORKER : 'assets/[name]-[hash].js',
      },
    },
  },
  worker: {
    format: 'es',
  },
  server: {
    proxy: { '/api': { target: API_SERVER } },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
  },
  // Unit tests mount components, so they take Svelte's browser build.
  resolve: process.env['VITEST'] ? { conditions: ['browser'] } : {},
});
