// Writes FILE.br and FILE.gz beside each compressible file of a folder, where they are smaller than the file.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const COMPRESSIBLE = new Set(['.css', '.html', '.ico', '.js', '.json', '.svg', '.txt', '.wasm', '.webmanifest']);

const encoders = {
  '.br': (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  '.gz': (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

async function precompress(file) {
  const bytes = await readFile(file);
  await Promise.all(
    Object.entries(encoders).map(async ([ending, encode]) => {
      const encoded = await encode(bytes);
      if (encoded.length < bytes.length) await writeFile(file + ending, encoded);
    }),
  );
}

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: precompress.mjs FOLDER');
const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile() && COMPRESSIBLE.has(path.extname(entry.name)));
await Promise.all(files.map((entry) => precompress(path.join(entry.parentPath, entry.name))));
