import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { AccountKey, OpaqueLogin, OpaqueRegistration, OpaqueServer, init } from '../index.js';

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

/** Registers alice; gives the server, the record that it keeps and her export key. */
function registered(password) {
  const server = OpaqueServer.generate();
  const registration = new OpaqueRegistration(password);
  const response = server.answerRegistration('alice', registration.request);
  const done = registration.finish(response, 'alice', 'example.org', ksf);
  return { server, record: OpaqueServer.checkRecord(done.record), exportKey: done.exportKey };
}

test('a person registers and logs in, and both sides have one session key', () => {
  const { server, record, exportKey } = registered('correct horse');
  const kept = OpaqueServer.fromBytes(server.toBytes());
  const login = new OpaqueLogin('correct horse');
  const answer = kept.startLogin('alice', 'example.org', login.ke1, record);
  const loggedIn = login.finish(answer.ke2, 'alice', 'example.org', ksf);
  const sessionKey = answer.finish(loggedIn.ke3);
  assert.equal(sessionKey.length, 64);
  assert.deepEqual(loggedIn.sessionKey(), sessionKey);
  assert.throws(() => answer.finish(loggedIn.ke3), { code: 'already-finished' });

  const owner = new Uint8Array(16);
  const wrapped = AccountKey.generate().wrap(exportKey, owner);
  AccountKey.unwrap(loggedIn.exportKey, owner, wrapped);
});

test('a wrong password and an unknown name fail alike', () => {
  const { server, record } = registered('correct horse');
  for (const [password, kept] of [['wrong horse', record], ['correct horse', undefined]]) {
    const login = new OpaqueLogin(password);
    const answer = server.startLogin('alice', 'example.org', login.ke1, kept);
    assert.equal(answer.ke2.length, 320);
    assert.throws(() => login.finish(answer.ke2, 'alice', 'example.org', ksf), { code: 'login-wrong-password' });
    assert.throws(() => answer.finish(new Uint8Array(64)), { code: 'opaque-login-failed' });
  }
});

test('a changed password logs in, and the old one does not', () => {
  const { server } = registered('correct horse');
  const change = new OpaqueRegistration('battery staple');
  const response = server.answerRegistration('alice', change.request);
  const record = OpaqueServer.checkRecord(change.finish(response, 'alice', 'example.org', ksf).record);
  const attempt = (password) => {
    const login = new OpaqueLogin(password);
    const answer = server.startLogin('alice', 'example.org', login.ke1, record);
    return answer.finish(login.finish(answer.ke2, 'alice', 'example.org', ksf).ke3);
  };
  assert.equal(attempt('battery staple').length, 64);
  assert.throws(() => attempt('correct horse'), { code: 'login-wrong-password' });
});

test('a server says what is malformed', () => {
  const { server, record } = registered('correct horse');
  const { ke1 } = new OpaqueLogin('correct horse');
  const short = new Uint8Array(5);
  const malformed = { code: 'opaque-malformed-message' };
  assert.throws(() => server.answerRegistration('alice', short), malformed);
  assert.throws(() => OpaqueServer.checkRecord(short), malformed);
  assert.throws(() => server.startLogin('alice', 'example.org', short, record), malformed);
  assert.throws(() => server.startLogin('alice', 'example.org', ke1, short), { code: 'opaque-malformed-record' });
  assert.throws(() => OpaqueServer.fromBytes(short), { code: 'opaque-malformed-setup' });
});
