// Compiled and never run: that the types are found, and are more than `any`.
import {
  Certificates,
  SecretKey,
  decrypting,
  encryptAndSign,
  encrypting,
  init,
  type ErrorCode,
  type Signature,
} from '@s-mail/crypto';
import wasm from '@s-mail/crypto/wasm';

await init();
await init(wasm);

using alice = SecretKey.generate('alice@example.org');
const recipients = new Certificates();
recipients.add(alice.certificate());

export const sealed: Uint8Array = await encryptAndSign(new Uint8Array(3), alice, recipients);
// @ts-expect-error a text is no plaintext
await encryptAndSign('text', alice, recipients);
// @ts-expect-error somebody must be able to read it
encrypting({ signer: alice });

const { readable, writable, signature } = decrypting({ keys: alice, signers: recipients });
export const opened: ReadableStream<Uint8Array> = new Blob([new Uint8Array(3)])
  .stream()
  .pipeThrough({ readable, writable });
export const state: Signature['state'] = (await signature).state;
// @ts-expect-error there is no such verdict
export const verdict: Signature['state'] = 'good';
// @ts-expect-error there is no such code
export const code: ErrorCode = 'nothing';
