import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SecretKey, clear, decryptAndVerify, encrypt, init } from '../index.js';
import initBindings from '../dist/smail_crypto_wasm.js';
import { certificates } from './support.js';

const PIECE_BYTES = 16;

/** Pieces of the first that are nowhere in the second. */
function pieces(octets, publicly = Buffer.alloc(0)) {
  const all = [];
  for (let at = 0; at + PIECE_BYTES <= octets.length; at += PIECE_BYTES) {
    const piece = octets.subarray(at, at + PIECE_BYTES);
    if (!publicly.includes(piece)) all.push(piece);
  }
  return all;
}

test('what was freed is nowhere in the module’s memory', async () => {
  await init();
  const { memory } = await initBindings(); // the one that is loaded already
  const found = (secret) => secret.filter((piece) => Buffer.from(memory.buffer).includes(piece)).length;

  const made = SecretKey.generate('alice@example.org');
  const octets = Buffer.from(made.toBytes());
  const secret = pieces(octets, Buffer.from(made.certificate().toBytes()));
  made.free();
  const read = SecretKey.fromBytes(octets);
  assert.ok(secret.length > 2 && found(secret) > 0, 'a key that is held is found');
  const text = Buffer.from('The kettle is on the stove, and the key is under the third stone from the gate. '.repeat(4));
  const message = await encrypt(text, certificates(read));
  const opened = await decryptAndVerify(message, read, certificates());
  assert.ok(found(pieces(text)) > 0, 'a plaintext that is held is found');
  opened.free();
  assert.equal(found(pieces(text)), 0, 'the plaintext');
  read.free();
  clear();
  assert.equal(found(secret), 0, `of ${secret.length} pieces of the key`);
});
