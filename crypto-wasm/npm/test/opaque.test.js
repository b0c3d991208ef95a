import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { OpaqueLogin, OpaqueRegistration, init } from '../index.js';

const ksf = { memoryKib: 65536, iterations: 3, parallelism: 4 };

before(() => init());

test('a registration request is one point of ristretto255', () => {
  assert.equal(new OpaqueRegistration('correct horse').request.length, 32);
});

test('KE1 holds a point, a nonce and a key share', () => {
  assert.equal(new OpaqueLogin('correct horse').ke1.length, 96);
});

test('each start is blinded anew', () => {
  assert.notDeepEqual(new OpaqueLogin('correct horse').ke1, new OpaqueLogin('correct horse').ke1);
});

test('what cannot be a password is refused', () => {
  assert.throws(() => new OpaqueLogin(''), { code: 'password-empty' });
  assert.throws(() => new OpaqueRegistration('x'.repeat(2000)), { code: 'password-too-long' });
});

test('weak parameters from a server are refused', () => {
  const login = new OpaqueLogin('correct horse');
  const weak = { ...ksf, memoryKib: 1024 };
  assert.throws(() => login.finish(new Uint8Array(320), 'alice', 'example.org', weak), { code: 'ksf-below-floor' });
});

test('a malformed answer is refused, and a handle finishes once', () => {
  const login = new OpaqueLogin('correct horse');
  const finish = () => login.finish(new Uint8Array(3), 'alice', 'example.org', ksf);
  assert.throws(finish, { code: 'login-malformed' });
  assert.throws(finish, { code: 'already-finished' });
});

test('parameters of the wrong type are refused', () => {
  const login = new OpaqueLogin('correct horse');
  assert.throws(() => login.finish(new Uint8Array(3), 'alice', 'example.org', { memoryKib: 'much' }), {
    code: 'invalid-argument',
  });
});
