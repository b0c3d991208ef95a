import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** Serves the screens with mail from memory: no server, no WebAssembly. For looking at them; never part of a build. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: '../../public',
  plugins: [svelte({ configFile: '../../svelte.config.js' })],
  server: { fs: { allow: ['../../..'] } },
});
