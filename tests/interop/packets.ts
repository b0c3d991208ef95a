/** A look at packets, through OpenPGP.js: how something is encrypted or locked. */
import { enums, readKey, readMessage, readPrivateKey, unarmor } from 'openpgp';
import { decoded, isArmored, type LockForm } from './correspondent.ts';

/** What holds a message's content. */
export type Container = 'SEIPD v1' | 'SEIPD v2 GCM' | 'SEIPD v2 OCB' | 'SEIPD v2 EAX';

const AEAD_CONTAINERS: Record<enums.aead, Container | undefined> = {
  [enums.aead.eax]: 'SEIPD v2 EAX',
  [enums.aead.ocb]: 'SEIPD v2 OCB',
  [enums.aead.gcm]: 'SEIPD v2 GCM',
  [enums.aead.experimentalGCM]: undefined,
};
/** By the first octet of the secret half (RFC 9580, section 3.7.2.1). */
const LOCK_FORMS: Record<number, LockForm> = { 253: 'RFC 9580', 254: 'RFC 4880' };
/** From this value on, the first octet of a packet's length is not the last (RFC 9580, section 4.2.1). */
const LONG_PACKET = 192;
const KEY_ID_HEX_DIGITS = 16;

export async function withoutArmor(octets: Uint8Array): Promise<Uint8Array> {
  if (!isArmored(octets)) return octets;
  return (await unarmor(decoded(octets))).data as Uint8Array;
}

export async function containerOf(octets: Uint8Array): Promise<Container | undefined> {
  const { packets } = await readMessage({ binaryMessage: await withoutArmor(octets) });
  const [found] = packets.filterByTag(enums.packet.symEncryptedIntegrityProtectedData);
  const { version, aeadAlgorithm } = (found ?? {}) as { version?: number; aeadAlgorithm?: enums.aead };
  if (version === 1) return 'SEIPD v1';
  return version === 2 && aeadAlgorithm !== undefined ? AEAD_CONTAINERS[aeadAlgorithm] : undefined;
}

export async function fingerprintOf(certificate: Uint8Array): Promise<string> {
  const key = await readKey({ binaryKey: await withoutArmor(certificate) });
  return key.getFingerprint().toUpperCase();
}

/** How a secret key is locked; none when it is not. */
export async function lockOf(secretKey: Uint8Array): Promise<LockForm | undefined> {
  const { keyPacket } = await readPrivateKey({ binaryKey: await withoutArmor(secretKey) });
  return LOCK_FORMS[(keyPacket as unknown as { s2kUsage: number }).s2kUsage];
}

/** Names the key that a message with one anonymous recipient is encrypted to: no tag protects that. */
export async function nameRecipient(octets: Uint8Array, keyId: string): Promise<Uint8Array> {
  const message = Buffer.from(await withoutArmor(octets));
  const lengthOctets = (message[1] ?? 0) < LONG_PACKET ? 1 : 2;
  const at = 1 + lengthOctets + 1; // after tag, length and version
  const isAnonymous = message.subarray(at, at + KEY_ID_HEX_DIGITS / 2).every((octet) => octet === 0);
  if (message[at - 1] !== 3 || !isAnonymous) throw new Error('no session key for an anonymous recipient');
  message.write(keyId, at, 'hex');
  return message;
}
