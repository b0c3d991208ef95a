import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  Certificate,
  Certificates,
  SecretKey,
  armor,
  dearmor,
  decryptAndVerify,
  encrypt,
  encryptAndSign,
  init,
  sign,
  signDetached,
  verify,
  verifyDetached,
} from '../index.js';
import { certificates, large } from './support.js';

const NOW_MS = Date.UTC(2026, 0, 1);
const YEAR_MS = 365 * 24 * 3600 * 1000;
const text = new TextEncoder().encode('the plaintext');

let alice;
let bob;

before(async () => {
  await init();
  alice = SecretKey.generate('alice@example.org', NOW_MS);
  bob = SecretKey.generate('bob@example.org', NOW_MS);
});

test('a message opens for its recipient and names its signer', async () => {
  const message = await encryptAndSign(text, alice, certificates(bob), NOW_MS);
  const opened = await decryptAndVerify(message, bob, certificates(alice), NOW_MS);
  assert.deepEqual(opened.plaintext, text);
  assert.deepEqual(opened.signature, {
    state: 'valid',
    signer: alice.certificate().fingerprint,
    createdMs: NOW_MS,
  });
});

test('a message does not open for anyone else', async () => {
  const message = await encryptAndSign(text, alice, certificates(bob), NOW_MS);
  await assert.rejects(decryptAndVerify(message, alice, certificates(), NOW_MS), {
    name: 'SMailError',
    code: 'decrypt-no-matching-key',
  });
});

test('an altered message does not open', async () => {
  const message = await encryptAndSign(text, alice, certificates(bob), NOW_MS);
  message[message.length - 1] ^= 1;
  await assert.rejects(decryptAndVerify(message, bob, certificates(alice), NOW_MS), { code: 'decrypt-tampered' });
});

test('a signer that is not known is said to be so', async () => {
  const message = await encryptAndSign(text, alice, certificates(bob), NOW_MS);
  const opened = await decryptAndVerify(message, bob, certificates(), NOW_MS);
  assert.equal(opened.signature.state, 'unknown-signer');
});

test('a message without recipients is refused', async () => {
  await assert.rejects(encryptAndSign(text, alice, new Certificates(), NOW_MS), { code: 'encrypt-no-recipients' });
});

test('a certificate is the same in each of its forms', () => {
  const certificate = alice.certificate();
  assert.deepEqual(certificate.addresses, ['alice@example.org']);
  assert.match(certificate.fingerprint, /^([0-9A-F]{4} ){9}[0-9A-F]{4}$/);
  const armored = new TextEncoder().encode(certificate.toArmored());
  for (const form of [certificate.toBytes(), armored]) {
    assert.equal(Certificate.fromBytes(form).fingerprint, certificate.fingerprint);
  }
});

test('a certificate is not usable before its time', () => {
  alice.certificate().ensureUsable(NOW_MS);
  assert.throws(() => alice.certificate().ensureUsable(NOW_MS - YEAR_MS), { code: 'certificate-not-yet-valid' });
});

test('what is no certificate is refused', () => {
  assert.throws(() => Certificate.fromBytes(text), { code: 'certificate-malformed' });
});

test('keys come back from their bytes', () => {
  const again = SecretKey.fromBytes(alice.toBytes());
  assert.equal(again.certificate().fingerprint, alice.certificate().fingerprint);
});

test('a detached signature fits only what was signed', () => {
  const signature = signDetached(text, alice, NOW_MS);
  assert.equal(verifyDetached(text, signature, certificates(alice), NOW_MS).state, 'valid');
  const other = new TextEncoder().encode('the Plaintext');
  assert.equal(verifyDetached(other, signature, certificates(alice), NOW_MS).state, 'invalid');
});

test('handles stay usable after every call', async () => {
  const recipients = certificates(bob);
  for (let round = 0; round < 3; round += 1) {
    const message = await encryptAndSign(text, alice, recipients, NOW_MS);
    const opened = await decryptAndVerify(message, bob, certificates(alice), NOW_MS);
    assert.deepEqual(opened.plaintext, text);
  }
});

test('a large message opens as a small one does, and only whole', async () => {
  const recipients = certificates(alice, bob);
  for (const length of [65_536, 262_144, 1_000_000]) {
    const content = large(length);
    const message = await encryptAndSign(content, alice, recipients, NOW_MS);
    const opened = await decryptAndVerify(message, bob, certificates(alice), NOW_MS);
    assert.deepEqual(opened.plaintext, content);
    assert.equal(opened.signature.state, 'valid');
    for (const at of [length >> 1, message.length - 1]) {
      message[at] ^= 1;
      await assert.rejects(decryptAndVerify(message, bob, certificates(alice), NOW_MS), { code: 'decrypt-tampered' });
      message[at] ^= 1;
    }
    const cut = message.subarray(0, message.length - 300_000);
    await assert.rejects(decryptAndVerify(cut, bob, certificates(alice), NOW_MS), { name: 'SMailError' });
  }
});

test('without the platform’s cryptography it is the same message', async () => {
  const content = large(300_000);
  const message = await encryptAndSign(content, alice, certificates(bob), NOW_MS);
  const platform = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  Object.defineProperty(globalThis, 'crypto', {
    configurable: true,
    value: { getRandomValues: (room) => platform.get.call(globalThis).getRandomValues(room) },
  });
  try {
    const opened = await decryptAndVerify(message, bob, certificates(alice), NOW_MS);
    assert.deepEqual(opened.plaintext, content);
    const slow = await encryptAndSign(content, alice, certificates(bob), NOW_MS);
    Object.defineProperty(globalThis, 'crypto', platform);
    assert.deepEqual((await decryptAndVerify(slow, bob, certificates(alice), NOW_MS)).plaintext, content);
  } finally {
    Object.defineProperty(globalThis, 'crypto', platform);
  }
});

test('a large message that is not for these keys is told from an altered one', async () => {
  const message = await encryptAndSign(large(100_000), alice, certificates(bob), NOW_MS);
  await assert.rejects(decryptAndVerify(message, alice, certificates(), NOW_MS), { code: 'decrypt-no-matching-key' });
});

test('a message without a signature is unsigned, short or long', async () => {
  for (const plaintext of [text, large(700_000)]) {
    const message = await encrypt(plaintext, certificates(bob), NOW_MS);
    const opened = await decryptAndVerify(message, bob, certificates(alice), NOW_MS);
    assert.deepEqual(opened.plaintext, plaintext);
    assert.deepEqual(opened.signature, { state: 'unsigned' });
  }
});

test('a signed message holds what was signed, short or long', async () => {
  for (const data of [text, large(700_000)]) {
    const message = sign(data, alice, NOW_MS);
    const read = await verify(message, certificates(alice), NOW_MS);
    assert.deepEqual(read.data, data);
    assert.equal(read.signature.state, 'valid');
    const stranger = await verify(message, certificates(bob), NOW_MS);
    assert.equal(stranger.signature.state, 'unknown-signer');
  }
});

test('what is no signed message is refused', async () => {
  const message = await encrypt(text, certificates(bob), NOW_MS);
  await assert.rejects(verify(message, certificates(alice)), { code: 'verify-encrypted' });
  await assert.rejects(verify(text, certificates(alice)), { code: 'verify-malformed' });
});

test('armor says what it holds', () => {
  const signature = signDetached(text, alice, NOW_MS);
  const block = armor('signature', signature);
  assert.match(block, /^-----BEGIN PGP SIGNATURE-----\n/);
  const { kind, bytes } = dearmor(block);
  assert.equal(kind, 'signature');
  assert.deepEqual(bytes, signature);
  assert.equal(dearmor(armor('secret-key', bob.toBytes())).kind, 'secret-key');
  assert.throws(() => armor('letter', signature), { code: 'invalid-argument' });
  assert.throws(() => dearmor('hello'), { code: 'armor-malformed' });
});

test('a secret key goes to another program under a passphrase', () => {
  for (const readers of [undefined, 'rfc9580', 'rfc4880']) {
    const locked = alice.toLocked('correct horse', readers);
    assert.throws(() => SecretKey.fromBytes(locked), { code: 'secret-key-locked' });
    assert.throws(() => SecretKey.fromLocked(locked, 'wrong horse'), { code: 'unlock-wrong-password' });
    const unlocked = SecretKey.fromLocked(locked, 'correct horse');
    assert.deepEqual(unlocked.toBytes(), alice.toBytes());
  }
  assert.throws(() => alice.toLocked(''), { code: 'lock-empty-passphrase' });
  assert.throws(() => alice.toLocked('correct horse', 'pgp'), { code: 'invalid-argument' });
});
