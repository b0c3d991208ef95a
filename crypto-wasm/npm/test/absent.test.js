// Algorithms that the module does not have: their keys and signatures are read as those of any algorithm that is not
// known, and nothing of them ends the module.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import {
  Certificate,
  Certificates,
  SecretKey,
  decryptAndVerify,
  encrypt,
  encryptAndSign,
  init,
  sign,
  signDetached,
  verifyDetached,
} from '../index.js';
import { certificates } from './support.js';

const NOW_MS = Date.UTC(2026, 0, 1);
const text = new TextEncoder().encode('Testing\n');

const ABSENT = [
  ['ML-DSA-65', 'rfc9980/v6-mldsa-65-sample', { message: true }],
  ['ML-DSA-87', 'rfc9980/v6-mldsa-87-sample', { message: true }],
  ['SLH-DSA-SHAKE-128s', 'rfc9980/v6-slhdsa-128s-sample', { message: true }],
  ['SLH-DSA-SHAKE-128f', 'rfc9980/v6-slhdsa-128f-sample', { message: false }],
  ['SLH-DSA-SHAKE-256s', 'rfc9980/v6-slhdsa-256s-sample', { message: false }],
  ['DSA', 'gnupg/dsa', { message: true }],
  ['secp256k1', 'gnupg/secp256k1', { message: true }],
];

function vector(name) {
  return readFileSync(new URL(`../../../crypto-core/tests/vectors/${name}.asc`, import.meta.url));
}

function sample(start) {
  const [publicPart, secretPart] = start.startsWith('gnupg/') ? ['certificate', 'secret-key'] : ['pk', 'sk'];
  return {
    certificate: Certificate.fromBytes(vector(`${start}-${publicPart}`)),
    secretKey: SecretKey.fromBytes(vector(`${start}-${secretPart}`)),
    signature: vector(`${start}-signature`),
  };
}

let bob;

before(async () => {
  await init();
  bob = SecretKey.generate('bob@example.org', NOW_MS);
});

for (const [algorithm, start, has] of ABSENT) {
  test(`${algorithm}: a certificate is read, and may not be used`, async () => {
    const { certificate } = sample(start);
    assert.equal(Certificate.fromBytes(certificate.toBytes()).fingerprint, certificate.fingerprint);
    assert.throws(() => certificate.ensureUsable(NOW_MS), { code: 'certificate-weak-algorithm' });
    const recipients = new Certificates();
    recipients.add(certificate);
    await assert.rejects(encrypt(text, recipients, NOW_MS), { code: 'certificate-weak-algorithm' });
  });

  test(`${algorithm}: who signed is not known`, () => {
    const { certificate, signature } = sample(start);
    const signers = new Certificates();
    signers.add(certificate);
    for (const data of [text, new Uint8Array(3)]) {
      assert.equal(verifyDetached(data, signature, signers, NOW_MS).state, 'unknown-signer');
    }
  });

  test(`${algorithm}: a secret key is read and written as it came, and signs nothing`, async () => {
    const { certificate, secretKey } = sample(start);
    assert.deepEqual(secretKey.certificate().toBytes(), certificate.toBytes());
    const locked = secretKey.toLocked('passphrase');
    const unlocked = SecretKey.fromLocked(locked, 'passphrase');
    assert.deepEqual(unlocked.toBytes(), secretKey.toBytes());
    assert.throws(() => sign(text, secretKey, NOW_MS), { code: 'sign-unusable-key' });
    assert.throws(() => signDetached(text, secretKey, NOW_MS), { code: 'sign-unusable-key' });
    await assert.rejects(encryptAndSign(text, secretKey, certificates(bob), NOW_MS), { code: 'sign-unusable-key' });
  });

  // Of the others there is no message.
  if (!has.message) continue;
  test(`${algorithm}: a message to a subkey that is known is read`, async () => {
    const { certificate, secretKey } = sample(start);
    const signers = new Certificates();
    signers.add(certificate);
    const opened = await decryptAndVerify(vector(`${start}-message`), secretKey, signers, NOW_MS);
    assert.deepEqual(opened.plaintext, text.slice());
    assert.equal(opened.signature.state, 'unknown-signer');
  });
}
