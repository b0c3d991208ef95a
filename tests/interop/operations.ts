/** The columns of the matrix: what one correspondent makes, and what another must make of it. */
import assert from 'node:assert/strict';
import {
  sameOctets,
  type Correspondent,
  type Lock,
  type LockForm,
  type Opened,
  type Payload,
  type Verdict,
} from './correspondent.ts';
import { containerOf, lockOf, type Container } from './packets.ts';
import { BINARY, SMALL, TEXT, largePayload } from './payloads.ts';

const PASSPHRASE = 'correct horse battery staple';

export interface Pair {
  from: Correspondent;
  to: Correspondent;
  /** How a message between them should be encrypted, if that is known. */
  container: Container | undefined;
}

export interface Operation {
  name: string;
  /** Each is tried, and told of, by itself. */
  payloads: () => Payload[];
  /** Our side of it is a stream: binary, as all streams of ours are. */
  streamed?: boolean;
  /** Takes seconds. */
  isSlow?: boolean;
  run(pair: Pair, payload: Payload): Promise<void>;
}

const justText = () => [TEXT];
const small = () => SMALL;
const large = () => [largePayload()];
const streamable = () => SMALL.filter((payload) => payload !== TEXT);

export const OPERATIONS: Operation[] = [
  { name: 'certificate', payloads: justText, run: exchangeCertificate },
  { name: 'secret key', payloads: justText, run: exchangeSecretKey },
  {
    name: 'locked (RFC 4880)',
    payloads: justText,
    isSlow: true,
    run: (pair) => exchangeLocked(pair, 'RFC 4880'),
  },
  {
    name: 'locked (RFC 9580)',
    payloads: justText,
    isSlow: true,
    run: (pair) => exchangeLocked(pair, 'RFC 9580'),
  },
  { name: 'encrypt', payloads: small, run: encrypt },
  { name: 'encrypt+sign', payloads: small, run: encryptAndSign },
  { name: 'sign', payloads: small, run: sign },
  { name: 'detached', payloads: small, run: signDetached },
  { name: '25 MB encrypt+sign', payloads: large, isSlow: true, run: encryptAndSign },
  { name: '25 MB detached', payloads: large, isSlow: true, run: signDetached },
  { name: 'stream', payloads: streamable, streamed: true, run: encryptAndSign },
];

async function exchangeCertificate({ from, to }: Pair): Promise<void> {
  for (const armored of [false, true]) {
    const certificate = await from.certificate(armored);
    assert.equal(await to.fingerprintOf(certificate), await from.fingerprintOf(certificate));
  }
}

async function exchangeSecretKey(pair: Pair): Promise<void> {
  await useSecretKey(pair, await pair.from.secretKey());
}

async function exchangeLocked(pair: Pair, form: LockForm): Promise<void> {
  const lock = { passphrase: PASSPHRASE, form };
  const from = await pair.from.locked(lock);
  try {
    const secretKey = await from.secretKey();
    const found = await lockOf(secretKey);
    assert.equal(found, form, `the key is locked as in ${found}`);
    await useSecretKey({ ...pair, from }, secretKey, lock);
  } finally {
    await from.close();
  }
}

/** With the key, the other program reads what it wrote to it, and signs in its name. */
async function useSecretKey({ from, to }: Pair, secretKey: Uint8Array, lock?: Lock): Promise<void> {
  const other = await to.inPlaceOf(secretKey, lock);
  try {
    const own = await from.certificate();
    const message = await to.encrypt(TEXT, own, true);
    check(await other.decrypt(message, await to.certificate()), TEXT, 'valid');
    const signature = await other.signDetached(TEXT);
    assert.equal(await from.verifyDetached(TEXT.octets, signature, own), 'valid');
  } finally {
    await other.close();
  }
}

async function encrypt(pair: Pair, payload: Payload): Promise<void> {
  await sendEncrypted(pair, payload, 'unsigned');
}

async function encryptAndSign(pair: Pair, payload: Payload): Promise<void> {
  await sendEncrypted(pair, payload, 'valid');
}

async function sendEncrypted(
  { from, to, container }: Pair,
  payload: Payload,
  verdict: Verdict,
): Promise<void> {
  const message = await from.encrypt(payload, await to.certificate(), verdict === 'valid');
  const signer = await from.certificate();
  check(await to.decrypt(message, signer), payload, verdict);
  if (payload !== BINARY) return;
  const found = await containerOf(message);
  assert.equal(found, container ?? found);
  await assert.rejects(to.decrypt(altered(message), signer));
}

async function sign({ from, to }: Pair, payload: Payload): Promise<void> {
  const message = await from.sign(payload);
  const signer = await from.certificate();
  check(await to.verify(message, signer), payload, 'valid');
  if (payload !== BINARY) return;
  const judged = await to.verify(altered(message), signer).catch(() => undefined);
  assert.notEqual(judged?.verdict, 'valid');
}

async function signDetached({ from, to }: Pair, payload: Payload): Promise<void> {
  const signature = await from.signDetached(payload);
  const signer = await from.certificate();
  assert.equal(await to.verifyDetached(payload.octets, signature, signer), 'valid');
  const other = Buffer.concat([payload.octets, Uint8Array.of(1)]);
  if (payload === BINARY) assert.equal(await to.verifyDetached(other, signature, signer), 'not valid');
}

function check(opened: Opened, payload: Payload, verdict: Verdict): void {
  assert.equal(opened.verdict, verdict);
  const [got, sent] = [opened.octets, payload.octets].map(payload.isText ? withPlainLineEnds : Buffer.from);
  assert.ok(got && sent && sameOctets(got, sent), `other octets than were sent: ${got?.length} of them`);
}

/** Programs may write text with the line ends of the network, and read it with those of the machine. */
function withPlainLineEnds(octets: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(octets).toString().replaceAll('\r\n', '\n'));
}

function altered(message: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(message);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}
