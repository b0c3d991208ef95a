// What is measured in the page. Each work gives its turns' times; what they come to is told outside.
import * as smail from '@s-mail/crypto';
import * as peer from 'openpgp';
import * as opaque from '@serenity-kit/opaque';
import { argon2id } from 'hash-wasm';
import { inTurns } from './rounds.js';

const MB = 1_000_000;
const CHUNK_BYTES = 256 * 1024;
/** What a file's stream gives at a time. */
const PIECE_BYTES = 64 * 1024;

/** Random octets: nothing that a cipher or a digest could find easy. */
function octets(length) {
  const all = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(all.subarray(at, at + 65_536));
  return all;
}

/** Two people of the package's, of whom one writes to both. */
function ourPeople() {
  const [alice, bob] = ['alice@example.org', 'bob@example.org'].map((name) => smail.SecretKey.generate(name));
  const certificates = (...keys) => {
    const all = new smail.Certificates();
    keys.forEach((key) => all.add(key.certificate()));
    return all;
  };
  return { alice, bob, both: certificates(alice, bob), signers: certificates(alice) };
}

/** The same two of OpenPGP.js's, with its best settings: GCM, and no compression. */
async function theirPeople() {
  const config = {
    aeadProtect: true,
    preferredAEADAlgorithm: peer.enums.aead.gcm,
    aeadChunkSizeByte: 12,
    preferredCompressionAlgorithm: peer.enums.compression.uncompressed,
  };
  // Keys that say they can read GCM, or it would not be used.
  const make = (email) =>
    peer.generateKey({ userIDs: [{ email }], type: 'curve25519', format: 'object', config });
  const [alice, bob] = [await make('alice@example.org'), await make('bob@example.org')];
  return { alice, bob, config };
}

/** A message to two people, there and back. */
async function message(bytes, rounds, times) {
  const text = octets(bytes);
  const ours = ourPeople();
  const theirs = await theirPeople();
  const encryptOurs = () => smail.encryptAndSign(text, ours.alice, ours.both);
  const decryptOurs = async (sealed) => {
    const opened = await smail.decryptAndVerify(sealed, ours.bob, ours.signers);
    if (opened.signature.state !== 'valid' || opened.plaintext.length !== bytes)
      throw new Error('not as it was');
    opened.free();
  };
  const encryptTheirs = async () =>
    peer.encrypt({
      message: await peer.createMessage({ binary: text }),
      encryptionKeys: [theirs.alice.publicKey, theirs.bob.publicKey],
      signingKeys: theirs.alice.privateKey,
      format: 'binary',
      config: theirs.config,
    });
  const decryptTheirs = async (sealed) => {
    const opened = await peer.decrypt({
      message: await peer.readMessage({ binaryMessage: sealed }),
      decryptionKeys: theirs.bob.privateKey,
      verificationKeys: theirs.alice.publicKey,
      format: 'binary',
      config: theirs.config,
    });
    await opened.signatures[0].verified;
    if (opened.data.length !== bytes) throw new Error('not as it was');
  };
  const [sealedByUs, sealedByThem] = [await encryptOurs(), await encryptTheirs()];
  const turns = [
    { name: 'encrypt', work: encryptOurs, times },
    { name: 'peer encrypt', work: encryptTheirs, times },
    { name: 'decrypt', work: () => decryptOurs(sealedByUs), times },
    { name: 'peer decrypt', work: () => decryptTheirs(sealedByThem), times },
  ];
  return inTurns(turns, rounds);
}

/** How others seal what they write, unless told to do it as this package does. */
const CONTAINERS = {
  'SEIPD v1': { aeadProtect: false },
  OCB: { aeadProtect: true, preferredAEADAlgorithm: peer.enums.aead.ocb, aeadChunkSizeByte: 12 },
};

/** A message that OpenPGP.js wrote in a container that browsers have no cipher for, read by both with the same keys. */
async function fromOthers(container, bytes, rounds) {
  const config = {
    ...CONTAINERS[container],
    preferredCompressionAlgorithm: peer.enums.compression.uncompressed,
  };
  const userIDs = [{ email: 'bob@example.org' }];
  const bob = await peer.generateKey({ userIDs, type: 'curve25519', format: 'object', config });
  const sealed = await peer.encrypt({
    message: await peer.createMessage({ binary: octets(bytes) }),
    encryptionKeys: bob.publicKey,
    signingKeys: bob.privateKey,
    format: 'binary',
    config,
  });
  const keys = smail.SecretKey.fromBytes(bob.privateKey.write());
  const signers = new smail.Certificates();
  signers.add(keys.certificate());
  const ours = async () => {
    const opened = await smail.decryptAndVerify(sealed, keys, signers);
    if (opened.signature.state !== 'valid' || opened.plaintext.length !== bytes)
      throw new Error('not as it was');
    opened.free();
  };
  const theirs = async () => {
    const opened = await peer.decrypt({
      message: await peer.readMessage({ binaryMessage: sealed }),
      decryptionKeys: bob.privateKey,
      verificationKeys: bob.publicKey,
      format: 'binary',
      config,
    });
    await opened.signatures[0].verified;
    if (opened.data.length !== bytes) throw new Error('not as it was');
  };
  const turns = [
    { name: 'decrypt', work: ours },
    { name: 'peer decrypt', work: theirs },
  ];
  return inTurns(turns, rounds);
}

/** A stream of these octets, in pieces as a file gives them. */
function pieces(octets) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= octets.length) return controller.close();
      controller.enqueue(octets.subarray(at, at + PIECE_BYTES));
      at += PIECE_BYTES;
    },
  });
}

/** Reads a stream to its end and keeps nothing; gives its length. */
async function drain(stream) {
  let length = 0;
  for await (const piece of stream) length += piece.length;
  return length;
}

/** An attachment, there and back, as a stream on both sides and not signed. */
async function attachment(bytes, rounds) {
  const file = octets(bytes);
  const ours = ourPeople();
  const theirs = await theirPeople();
  const sealOurs = () => pieces(file).pipeThrough(smail.encrypting({ recipients: ours.both }));
  const openOurs = (sealed) =>
    drain(pieces(sealed).pipeThrough(smail.decrypting({ keys: ours.bob, signers: ours.signers })));
  const sealTheirs = async () =>
    peer.encrypt({
      message: await peer.createMessage({ binary: pieces(file) }),
      encryptionKeys: [theirs.alice.publicKey, theirs.bob.publicKey],
      format: 'binary',
      config: theirs.config,
    });
  const openTheirs = async (sealed) => {
    const opened = await peer.decrypt({
      message: await peer.readMessage({ binaryMessage: pieces(sealed) }),
      decryptionKeys: theirs.bob.privateKey,
      format: 'binary',
      config: theirs.config,
    });
    return drain(opened.data);
  };
  const keep = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());
  const [sealedByUs, sealedByThem] = [await keep(sealOurs()), await keep(await sealTheirs())];
  const whole = async (work) => {
    if ((await work) !== bytes) throw new Error('not as it was');
  };
  const turns = [
    { name: 'encrypt', work: () => drain(sealOurs()) },
    { name: 'peer encrypt', work: async () => drain(await sealTheirs()) },
    { name: 'decrypt', work: () => whole(openOurs(sealedByUs)) },
    { name: 'peer decrypt', work: () => whole(openTheirs(sealedByThem)) },
  ];
  return inTurns(turns, rounds);
}

/** The most memory that this page's buffers and module take while so much passes through both ways, in bytes. */
async function streaming(megabytes) {
  const { both, bob, signers } = ourPeople();
  const piece = octets(PIECE_BYTES);
  let left = megabytes * MB;
  const source = new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(piece.slice());
      left -= piece.length;
    },
  });
  let most = 0;
  let measuring = true;
  const watch = (async () => {
    while (measuring) {
      const { bytes } = await performance.measureUserAgentSpecificMemory();
      most = Math.max(most, bytes);
    }
  })();
  await drain(
    source
      .pipeThrough(smail.encrypting({ recipients: both }))
      .pipeThrough(smail.decrypting({ keys: bob, signers })),
  );
  measuring = false;
  await watch;
  return most;
}

/** The limit: the browser's AES-GCM on chunks, several under way, and its SHA-256 in one call. */
async function limit(bytes, rounds) {
  const text = octets(bytes);
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
  const iv = new Uint8Array(12);
  const chunks = async () => {
    const calls = [];
    for (let at = 0; at < bytes; at += CHUNK_BYTES) {
      calls.push(crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, text.subarray(at, at + CHUNK_BYTES)));
    }
    await Promise.all(calls);
  };
  const digest = () => crypto.subtle.digest('SHA-256', text);
  return inTurns(
    [
      { name: 'AES-GCM', work: chunks },
      { name: 'SHA-256', work: digest },
    ],
    rounds,
  );
}

async function stretch(rounds) {
  const password = new TextEncoder().encode('correct horse battery staple');
  const salt = octets(16);
  const cost = { memoryKib: 65_536, iterations: 3, parallelism: 4 };
  const theirs = { password, salt, memorySize: 65_536, iterations: 3, parallelism: 4, hashLength: 32 };
  const turns = [
    { name: 'Argon2id', work: () => smail.argon2id(password, salt, 32, cost) },
    { name: 'peer Argon2id', work: () => argon2id({ ...theirs, outputType: 'binary' }) },
  ];
  return inTurns(turns, rounds);
}

async function summaries(count, rounds) {
  const key = smail.AccountKey.generate().stateKey();
  const owner = octets(16);
  const items = Array.from({ length: count }, () => {
    const [object, version] = [octets(16), 1n];
    const binding = new smail.Binding('item', owner, object, version);
    const sealed = key.seal(binding, octets(300));
    binding.free();
    return { kind: 'item', owner, object, version, sealed };
  });
  const work = () => {
    if (!key.openAll(items).every((content) => content.length === 300)) throw new Error('not as it was');
  };
  return inTurns([{ name: 'open', work }], rounds);
}

/** Both of the client's steps of a login; the same stretching for both, which the package does not go below. */
async function logIn(rounds) {
  await opaque.ready;
  const [username, domain, password] = ['alice', 'example.org', 'correct horse battery staple'];
  const ksf = { memoryKib: 65_536, iterations: 3, parallelism: 4 };
  const server = smail.OpaqueServer.generate();
  const registration = new smail.OpaqueRegistration(password);
  const response = server.answerRegistration(username, registration.request);
  const { record } = registration.finish(response, username, domain, ksf);
  const ours = () => {
    const login = new smail.OpaqueLogin(password);
    const answer = server.startLogin(username, domain, login.ke1, record);
    const done = login.finish(answer.ke2, username, domain, ksf);
    [login, answer, done].forEach((handle) => handle.free());
  };
  const keyStretching = { 'argon2id-custom': { memory: 65_536, iterations: 3, parallelism: 4 } };
  const serverSetup = opaque.server.createSetup();
  const begun = opaque.client.startRegistration({ password });
  const { registrationResponse } = opaque.server.createRegistrationResponse({
    serverSetup,
    userIdentifier: username,
    registrationRequest: begun.registrationRequest,
  });
  const { registrationRecord } = opaque.client.finishRegistration({
    clientRegistrationState: begun.clientRegistrationState,
    registrationResponse,
    password,
    keyStretching,
  });
  const theirs = () => {
    const { clientLoginState, startLoginRequest } = opaque.client.startLogin({ password });
    const { loginResponse } = opaque.server.startLogin({
      serverSetup,
      userIdentifier: username,
      registrationRecord,
      startLoginRequest,
    });
    if (!opaque.client.finishLogin({ clientLoginState, loginResponse, password, keyStretching }))
      throw new Error('not logged in');
  };
  return inTurns(
    [
      { name: 'login', work: ours },
      { name: 'peer login', work: theirs },
    ],
    rounds,
  );
}

window.measure = {
  async ready() {
    const begins = performance.now();
    await smail.init();
    return performance.now() - begins;
  },
  megabytes: (megabytes, rounds) => message(megabytes * MB, rounds, 1),
  fromOthers: (container, megabytes, rounds) => fromOthers(container, megabytes * MB, rounds),
  attachment: (megabytes, rounds) => attachment(megabytes * MB, rounds),
  streaming,
  small: (bytes, rounds, times) => message(bytes, rounds, times),
  limit: (megabytes, rounds) => limit(megabytes * MB, rounds),
  logIn,
  stretch,
  summaries,
};
