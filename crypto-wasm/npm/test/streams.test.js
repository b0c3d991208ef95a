import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { EncryptionStream, SecretKey, decryptAndVerify, decrypting, encryptAndSign, encrypting, init } from '../index.js';
import { certificates, large } from './support.js';

const NOW_MS = Date.UTC(2026, 0, 1);

let alice;
let bob;

before(async () => {
  await init();
  alice = SecretKey.generate('alice@example.org', NOW_MS);
  bob = SecretKey.generate('bob@example.org', NOW_MS);
});

function source(octets, pieceBytes) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= octets.length) return controller.close();
      controller.enqueue(octets.slice(at, at + pieceBytes));
      at += pieceBytes;
    },
  });
}

async function pieces(stream) {
  const given = [];
  for await (const piece of stream) given.push(piece);
  return given;
}

async function all(stream) {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const encrypted = (octets, options, pieceBytes = 90_000) =>
  all(source(octets, pieceBytes).pipeThrough(encrypting({ nowMs: NOW_MS, ...options })));

const opening = (message, keys, pieceBytes = 90_000) => {
  const { readable, writable, signature } = decrypting({ keys, signers: certificates(alice), nowMs: NOW_MS });
  return { plaintext: all(source(message, pieceBytes).pipeThrough({ readable, writable })), signature };
};

test('what passes through both is as it was, and signed', async () => {
  for (const length of [0, 1, 262_144, 3_000_000]) {
    const content = large(length);
    const message = await encrypted(content, { signer: alice, recipients: certificates(alice, bob) });
    const { plaintext, signature } = opening(message, bob);
    assert.deepEqual(await plaintext, content);
    assert.equal((await signature).state, 'valid');
  }
});

test('a stream and a message are the same', async () => {
  const content = large(700_000);
  const streamed = await encrypted(content, { signer: alice, recipients: certificates(bob) });
  const opened = await decryptAndVerify(streamed, bob, certificates(alice), NOW_MS);
  assert.deepEqual(opened.plaintext, content);
  assert.equal(opened.signature.state, 'valid');
  const whole = await encryptAndSign(content, alice, certificates(bob), NOW_MS);
  assert.deepEqual(await opening(whole, bob, 10_000).plaintext, content);
});

test('a stream without a signer is unsigned', async () => {
  const message = await encrypted(large(10), { recipients: certificates(bob) });
  const { plaintext, signature } = opening(message, bob);
  assert.deepEqual(await plaintext, large(10));
  assert.deepEqual(await signature, { state: 'unsigned' });
});

test('a stream that is cut off, altered or for another key is an error, of the signature too', async () => {
  const message = await encrypted(large(1_000_000), { signer: alice, recipients: certificates(bob) });
  const altered = message.slice();
  altered[500_000] ^= 1;
  const faults = [
    [message.subarray(0, message.length - 300_000), bob, 'decrypt-tampered'],
    [altered, bob, 'decrypt-tampered'],
    [message, alice, 'decrypt-no-matching-key'],
    [large(1_000), bob, 'decrypt-malformed'],
  ];
  for (const [octets, keys, code] of faults) {
    const { plaintext, signature } = opening(octets, keys);
    await assert.rejects(plaintext, { code });
    await assert.rejects(signature, { code });
  }
});

test('each piece has a buffer of its own, so that it can be transferred', async () => {
  const content = large(3_000_000);
  const sealed = await pieces(
    source(content, 90_000).pipeThrough(encrypting({ recipients: certificates(bob), nowMs: NOW_MS })),
  );
  const message = new Uint8Array(await new Blob(sealed).arrayBuffer());
  const opened = await pieces(
    source(message, 90_000).pipeThrough(decrypting({ keys: bob, signers: certificates(), nowMs: NOW_MS })),
  );
  for (const given of [sealed, opened]) {
    assert.equal(new Set(given.map((piece) => piece.buffer)).size, given.length);
    assert.ok(given.length > 3);
  }
  const plaintext = new Uint8Array(await new Blob(opened).arrayBuffer());
  assert.deepEqual(plaintext, content);
});

test('what was given out may be transferred before the rest is written', async () => {
  const content = large(3_000_000);
  const { port1, port2 } = new MessageChannel();
  const moved = [];
  const sealed = source(content, 90_000).pipeThrough(
    encrypting({ recipients: certificates(bob), nowMs: NOW_MS }),
  );
  for await (const piece of sealed) {
    moved.push(piece.slice());
    port1.postMessage(piece, [piece.buffer]);
  }
  port1.close();
  port2.close();
  const message = new Uint8Array(await new Blob(moved).arrayBuffer());
  assert.deepEqual(await opening(message, bob).plaintext, content);
});

test('the signature of a stream that breaks off is an error too', async () => {
  const message = await encrypted(large(1_000_000), { signer: alice, recipients: certificates(bob) });
  const gone = new Error('the connection is gone');
  const options = { keys: bob, signers: certificates(alice), nowMs: NOW_MS };
  const breaking = source(message, 90_000).pipeThrough(
    new TransformStream({
      transform(piece, controller) {
        controller.enqueue(piece);
        controller.error(gone);
      },
    }),
  );
  const lost = decrypting(options);
  await assert.rejects(all(breaking.pipeThrough(lost)), gone);
  await assert.rejects(lost.signature, gone);

  const aborted = decrypting(options);
  const writer = aborted.writable.getWriter();
  const waiting = writer.write(message);
  waiting.catch(() => {});
  await writer.abort(gone);
  await assert.rejects(aborted.signature, gone);
  await assert.rejects(aborted.readable.getReader().read(), gone);

  const cancelled = decrypting(options);
  const writing = cancelled.writable.getWriter();
  writing.write(message).catch(() => {});
  await cancelled.readable.cancel(gone);
  await assert.rejects(cancelled.signature, gone);
  await assert.rejects(writing.closed, gone);

  const left = decrypting(options);
  left.writable
    .getWriter()
    .write(message)
    .catch(() => {});
  for await (const piece of left.readable) if (piece.length > 0) break;
  await assert.rejects(left.signature, { name: 'AbortError' });
});

test('an array that is transferred while it is read is noticed', async () => {
  const stream = EncryptionStream.unsigned(certificates(bob), NOW_MS);
  const content = large(9_000_000);
  const pushed = stream.push(content);
  structuredClone(content, { transfer: [content.buffer] });
  await assert.rejects(pushed, { code: 'invalid-argument' });
});

test('a stream is read by whoever wants it, and not before', async () => {
  const message = await encrypted(large(3_000_000), { recipients: certificates(bob) });
  const { readable, writable } = decrypting({ keys: bob, signers: certificates(), nowMs: NOW_MS });
  let taken = 0;
  const slow = new ReadableStream({
    pull(controller) {
      if (taken >= message.length) return controller.close();
      controller.enqueue(message.slice(taken, (taken += 90_000)));
    },
  });
  const piping = slow.pipeTo(writable);
  const reader = readable.getReader();
  await reader.read();
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(taken < 1_000_000, `${taken} were taken for one piece`);
  for (let read = await reader.read(); !read.done; ) read = await reader.read();
  await piping;
});

test('what is no Uint8Array is refused', async () => {
  const streams = [
    encrypting({ recipients: certificates(bob), nowMs: NOW_MS }),
    decrypting({ keys: bob, signers: certificates(), nowMs: NOW_MS }),
  ];
  for (const { readable, writable } of streams) {
    const read = readable.getReader().read();
    await assert.rejects(writable.getWriter().write('hello'), { code: 'invalid-argument' });
    await assert.rejects(read, { code: 'invalid-argument' });
  }
});

test('without recipients nothing begins', () => {
  assert.throws(() => encrypting({ recipients: certificates() }), { code: 'encrypt-no-recipients' });
});

test('without the platform’s cryptography it is the same', async () => {
  const platform = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  const { crypto } = globalThis;
  Object.defineProperty(globalThis, 'crypto', {
    configurable: true,
    value: { getRandomValues: (room) => crypto.getRandomValues(room) },
  });
  try {
    const content = large(600_000);
    const message = await encrypted(content, { signer: alice, recipients: certificates(bob) });
    const { plaintext, signature } = opening(message, bob);
    assert.deepEqual(await plaintext, content);
    assert.equal((await signature).state, 'valid');
  } finally {
    Object.defineProperty(globalThis, 'crypto', platform);
  }
});
