import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  AccountKey,
  Binding,
  Certificate,
  OpaqueLogin,
  SecretKey,
  argon2id,
  armor,
  clear,
  dearmor,
  decryptAndVerify,
  decrypting,
  encrypt,
  encryptAndSign,
  encrypting,
  init,
  sign,
  signDetached,
  verifyDetached,
} from '../index.js';
import { certificates, large } from './support.js';

const COST = { memoryKib: 64, iterations: 1, parallelism: 1 };
const INVALID = { name: 'SMailError', code: 'invalid-argument' };

let alice;

before(async () => {
  await init();
  alice = SecretKey.generate('alice@example.org');
});

test('what is no Uint8Array is never taken for one', async () => {
  const octets = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
  const others = ['12345678', octets.buffer, new DataView(octets.buffer), new Uint16Array(8), [...octets], 8, null, {}];
  for (const other of others) {
    assert.throws(() => argon2id(other, octets, 16, COST), INVALID);
    assert.throws(() => argon2id(octets, other, 16, COST), INVALID);
    assert.throws(() => armor('message', other), INVALID);
    assert.throws(() => sign(other, alice), INVALID);
    assert.throws(() => signDetached(other, alice), INVALID);
    assert.throws(() => Certificate.fromBytes(other), INVALID);
    assert.throws(() => SecretKey.fromBytes(other), INVALID);
    assert.throws(() => encrypt(other, certificates(alice)), INVALID);
    assert.throws(() => decryptAndVerify(other, alice, certificates()), INVALID);
  }
  assert.equal(argon2id(Buffer.from(octets), octets, 16, COST).length, 16);
});

test('octets are as long as they are, whatever they say', () => {
  class Short extends Uint8Array {
    get length() {
      return 4;
    }
  }
  const short = new Short(large(100_000));
  const signature = signDetached(short, alice);
  const { state } = verifyDetached(new Uint8Array(short), signature, certificates(alice));
  assert.equal(state, 'valid');
});

test('octets that were transferred are refused', () => {
  const gone = large(1_000);
  structuredClone(gone, { transfer: [gone.buffer] });
  assert.throws(() => signDetached(gone, alice), INVALID);
});

test('what is no string or no handle of the class is refused', () => {
  assert.throws(() => SecretKey.generate(5), INVALID);
  assert.throws(() => new OpaqueLogin({}), INVALID);
  assert.throws(() => alice.toLocked(large(4)), INVALID);
  assert.throws(() => sign(large(4), certificates(alice)), INVALID);
});

test('a time that is none is refused', () => {
  for (const time of [NaN, Infinity, -1, 4_294_967_296_000]) {
    assert.throws(() => SecretKey.generate('alice@example.org', time), INVALID);
    assert.throws(() => sign(large(4), alice, time), INVALID);
  }
});

test('a key that is too long is refused', () => {
  for (const length of [-1, 1_025, 2 ** 31, 2 ** 32 + 16, 16.5, NaN]) {
    assert.throws(() => argon2id(large(8), large(8), length, COST), INVALID);
  }
});

test('an envelope’s version is a number of 64 bits, and no other in its place', () => {
  const [owner, object] = [large(16), large(16)];
  for (const version of [-1n, 2n ** 64n, 2n ** 64n + 1n, 1, '1', undefined]) {
    assert.throws(() => new Binding('item', owner, object, version), INVALID, `${version}`);
  }
  const key = AccountKey.generate().stateKey();
  const last = new Binding('item', owner, object, 2n ** 64n - 1n);
  assert.deepEqual(key.open(last, key.seal(last, large(3))), large(3));
});

test('streams without options, and what is no array, are refused', () => {
  assert.throws(() => encrypting(), INVALID);
  assert.throws(() => decrypting(), INVALID);
  const key = AccountKey.generate().stateKey();
  for (const items of [undefined, null, 5, {}, 'ab', new Set()]) assert.throws(() => key.openAll(items), INVALID);
});

test('a string that is too long is refused', () => {
  assert.throws(() => dearmor('é'.repeat(201_326_593)), { code: 'limit-exceeded' });
});

test('what could not be read again is not written', async () => {
  const long = new Uint8Array(128 * 1024 * 1024 + 1);
  await assert.rejects(encryptAndSign(long, alice, certificates(alice)), { code: 'limit-exceeded' });
  assert.throws(() => encrypt(new Uint8Array(200 * 1024 * 1024), certificates(alice)), { code: 'limit-exceeded' });
});

test('an item of many that is none has its error in its place, and the key can still be wiped', () => {
  const key = AccountKey.generate().stateKey();
  const [owner, object] = [large(16), large(16)];
  const binding = new Binding('item', owner, object, 1n);
  const item = { kind: 'item', owner, object, version: 1n, sealed: key.seal(binding, large(3)) };
  const throws = {
    get kind() {
      throw new Error('no');
    },
  };
  const bad = [null, { ...item, version: 5 }, { ...item, kind: 5 }, { ...item, sealed: 'x' }, {}, throws];
  const opened = key.openAll([item, ...bad, item]);
  assert.deepEqual([opened[0], opened.at(-1)], [large(3), large(3)]);
  for (const error of opened.slice(1, -1)) assert.equal(error.code, 'invalid-argument');
  clear();
  assert.throws(() => key.seal(binding, large(3)), { code: 'cleared' });
  key.free();
});
