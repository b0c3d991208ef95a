// Draws the app's icons as PNG from the SVG beside them in www/public: `node screenshots/icons.mjs`, with CHROMIUM set.
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const PUBLIC = new URL('../../www/public/', import.meta.url);
const ICONS = [
  ['favicon.svg', 'icon-192.png', 192],
  ['favicon.svg', 'icon-512.png', 512],
  ['icon-maskable.svg', 'icon-maskable-512.png', 512],
  ['icon-maskable.svg', 'apple-touch-icon.png', 180],
];

const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'], args: ['--no-sandbox'] });
const page = await browser.newPage();
for (const [drawing, picture, size] of ICONS) {
  const svg = await readFile(new URL(drawing, PUBLIC), 'utf8');
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>body{margin:0}svg{display:block;inline-size:${size}px;block-size:${size}px}</style>${svg}`,
  );
  await page.screenshot({ path: new URL(picture, PUBLIC).pathname, omitBackground: true });
}
await browser.close();
