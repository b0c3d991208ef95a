import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { AccountKey, Binding, init } from '../index.js';

const owner = new Uint8Array(16).fill(1);
const object = new Uint8Array(16).fill(2);
const content = new TextEncoder().encode('sealed content');

let key;

before(async () => {
  await init();
  key = AccountKey.generate().stateKey();
});

test('an envelope opens in its place', () => {
  const place = new Binding('state', owner, object, 7n);
  assert.deepEqual(key.open(place, key.seal(place, content)), content);
});

test('an envelope opens in no other place', () => {
  const sealed = key.seal(new Binding('state', owner, object, 7n), content);
  const elsewhere = [
    new Binding('item', owner, object, 7n),
    new Binding('state', object, object, 7n),
    new Binding('state', owner, owner, 7n),
    new Binding('state', owner, object, 8n),
  ];
  for (const place of elsewhere) assert.throws(() => key.open(place, sealed), { code: 'open-tampered' });
});

test('an envelope opens with no other key', () => {
  const place = new Binding('state', owner, object, 7n);
  const other = AccountKey.generate().stateKey();
  assert.throws(() => other.open(place, key.seal(place, content)), { code: 'open-tampered' });
});

test('many envelopes open in one call, each in its place', () => {
  const items = Array.from({ length: 50 }, (_, index) => {
    const place = { kind: 'item', owner, object: new Uint8Array(16).fill(index), version: BigInt(index) };
    const binding = new Binding(place.kind, place.owner, place.object, place.version);
    return { ...place, sealed: key.seal(binding, new Uint8Array([index])) };
  });
  [items[7].object, items[9].version, items[11].sealed, items[13].kind] = [object, 1n, content, 'letter'];
  const opened = key.openAll(items);
  const faults = { 7: 'open-tampered', 9: 'open-tampered', 11: 'open-unknown-format', 13: 'invalid-argument' };
  opened.forEach((found, index) => {
    if (index in faults) assert.equal(found.code, faults[index]);
    else assert.deepEqual(found, new Uint8Array([index]));
  });
});

test('a place needs a known kind and whole ids', () => {
  assert.throws(() => new Binding('letter', owner, object, 1n), { code: 'invalid-argument' });
  assert.throws(() => new Binding('state', owner.subarray(1), object, 1n), { code: 'invalid-argument' });
});

test('object ids follow from the account key and the name', () => {
  const account = AccountKey.generate();
  assert.equal(account.objectId('folders').length, 16);
  assert.deepEqual(account.objectId('folders'), account.objectId('folders'));
  assert.notDeepEqual(account.objectId('folders'), account.objectId('pins'));
});
