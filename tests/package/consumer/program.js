// What somebody who installs the package does with it. Every target runs this and must come to the same.
import {
  AccountKey,
  Binding,
  Certificates,
  OpaqueRegistration,
  SecretKey,
  argon2id,
  decryptAndVerify,
  decrypting,
  encryptAndSign,
  encrypting,
  init,
  version,
} from '@s-mail/crypto';
import { source } from './source.js';

/** Gives what each part came to, as plain values. */
export async function program() {
  const early = codeOf(() => version());
  await init(source);
  const alice = SecretKey.generate('alice@example.org');
  const bob = SecretKey.generate('bob@example.org');
  const [toBob, fromAlice] = [certificates(bob), certificates(alice)];

  const message = async (length) => {
    const plaintext = octets(length);
    const opened = await decryptAndVerify(await encryptAndSign(plaintext, alice, toBob), bob, fromAlice);
    return isSame(opened.plaintext, plaintext) ? opened.signature.state : 'another plaintext';
  };
  const stream = async (length) => {
    const plaintext = octets(length);
    const { readable, writable, signature } = decrypting({ keys: bob, signers: fromAlice });
    const passed = new Blob([plaintext])
      .stream()
      .pipeThrough(encrypting({ recipients: toBob, signer: alice }))
      .pipeThrough({ readable, writable });
    const opened = new Uint8Array(await new Response(passed).arrayBuffer());
    return isSame(opened, plaintext) ? (await signature).state : 'another plaintext';
  };

  return {
    early,
    version: version(),
    small: await message(1_000),
    large: await message(200_000),
    stream: await stream(1_000_000),
    envelope: envelope(),
    stretched: hexadecimal(
      argon2id(octets(8), octets(16), 16, { memoryKib: 64, iterations: 1, parallelism: 1 }),
    ),
    request: new OpaqueRegistration('correct horse').request.length,
  };
}

function envelope() {
  const key = AccountKey.generate().stateKey();
  const place = (version) => new Binding('state', octets(16), octets(16), version);
  const sealed = key.seal(place(1n), octets(100));
  const isBack = isSame(key.open(place(1n), sealed), octets(100));
  return `${isBack ? 'opened' : 'another content'}, elsewhere ${codeOf(() => key.open(place(2n), sealed))}`;
}

function certificates(key) {
  const set = new Certificates();
  set.add(key.certificate());
  return set;
}

function codeOf(action) {
  try {
    action();
    return 'no error';
  } catch (error) {
    return error.code;
  }
}

function octets(length) {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
}

function isSame(one, other) {
  return one.length === other.length && one.every((octet, index) => octet === other[index]);
}

function hexadecimal(bytes) {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('');
}
