import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  AccountKey,
  Binding,
  OpaqueLogin,
  OpaqueServer,
  SecretKey,
  clear,
  decryptAndVerify,
  decrypting,
  encryptAndSign,
  encrypting,
  init,
  sign,
} from '../index.js';
import { certificates, large } from './support.js';

const text = new TextEncoder().encode('the plaintext');
const cleared = { name: 'SMailError', code: 'cleared' };

before(() => init());

test('after clear() no handle gives its secret any more', async () => {
  const alice = SecretKey.generate('alice@example.org');
  const certificate = alice.certificate();
  const message = await encryptAndSign(text, alice, certificates(alice));
  const opened = await decryptAndVerify(message, alice, certificates(alice));
  const accountKey = AccountKey.generate();
  const stateKey = accountKey.stateKey();
  const place = new Binding('state', new Uint8Array(16), new Uint8Array(16), 1n);
  const server = OpaqueServer.generate();
  const login = new OpaqueLogin('correct horse');
  const ksf = { memoryKib: 65536, iterations: 3, parallelism: 4 };
  const signed = sign(text, alice);

  clear();

  const uses = [
    () => alice.toBytes(),
    () => alice.certificate(),
    () => sign(text, alice),
    () => opened.plaintext,
    () => accountKey.stateKey(),
    () => stateKey.seal(place, text),
    () => stateKey.openAll([]),
    () => server.toBytes(),
    () => login.finish(new Uint8Array(320), 'alice', 'example.org', ksf),
    () => decrypting({ keys: alice, signers: certificates() }),
  ];
  for (const use of uses) assert.throws(use, cleared, use.toString());
  await assert.rejects(decryptAndVerify(message, alice, certificates()), cleared);
  assert.equal(certificate.addresses[0], 'alice@example.org');
  assert.ok(signed.length > text.length);
  alice.free();
});

test('after clear() a stream that is under way fails', async () => {
  const alice = SecretKey.generate('alice@example.org');
  const recipients = certificates(alice);
  const { readable, writable } = encrypting({ recipients, signer: alice });
  const writer = writable.getWriter();
  const reader = readable.getReader();
  const written = writer.write(large(300_000));
  await reader.read();
  clear();
  await assert.rejects(Promise.all([written, writer.close(), readAll(reader)]), cleared);
});

test('after clear() new secrets can be made', async () => {
  clear();
  const alice = SecretKey.generate('alice@example.org');
  const message = await encryptAndSign(text, alice, certificates(alice));
  const opened = await decryptAndVerify(message, alice, certificates(alice));
  assert.deepEqual(opened.plaintext, text);
});

test('a handle is disposed of where its scope ends', () => {
  const alice = SecretKey.generate('alice@example.org');
  alice[Symbol.dispose]();
  assert.throws(() => alice.toBytes());
});

async function readAll(reader) {
  while (!(await reader.read()).done);
}
