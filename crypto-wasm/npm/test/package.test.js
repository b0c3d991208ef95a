import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import * as bindings from '../dist/smail_crypto_wasm.js';
import * as smail from '../index.js';

test('used too early, everything says what to do', () => {
  const early = { name: 'SMailError', code: 'not-initialized', message: /init\(\)/ };
  assert.throws(() => smail.version(), early);
  assert.throws(() => smail.SecretKey.generate('alice@example.org'), early);
  assert.throws(() => new smail.Certificates(), early);
});

test('init can be called again and again', async () => {
  assert.equal(smail.init(), smail.init());
  await smail.init();
  await smail.init();
});

test('instances are of their class', async () => {
  await smail.init();
  assert.ok(smail.SecretKey.generate('alice@example.org') instanceof smail.SecretKey);
});

test('everything the module exports is exported, and typed', async () => {
  const types = await readFile(new URL('../index.d.ts', import.meta.url), 'utf8');
  const names = Object.keys(bindings).filter((name) => !['default', 'initSync'].includes(name));
  for (const name of names) {
    assert.ok(name in smail, name);
    assert.match(types, new RegExp(`\\b${name},`), name);
  }
  const wrappers = ['decrypting', 'encrypting', 'init'];
  assert.deepEqual(Object.keys(smail).sort(), [...names, ...wrappers].sort());
});

test('the version is the package’s', async () => {
  await smail.init();
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  assert.equal(smail.version(), JSON.parse(text).version);
});
