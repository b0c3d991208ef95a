/** What we and every other OpenPGP program here can be asked for: one interface, so that each test is written once. */

/** How a secret key is protected by a passphrase: by AES in CFB mode, or by an AEAD mode with Argon2 (RFC 9580). */
export type LockForm = 'RFC 4880' | 'RFC 9580';

export interface Lock {
  passphrase: string;
  form: LockForm;
}

/** What a signature is worth. */
export type Verdict = 'valid' | 'not valid' | 'unsigned';

export interface Opened {
  octets: Uint8Array;
  verdict: Verdict;
}

export interface Payload {
  name: string;
  octets: Uint8Array;
  /** Is sent as text, where the program has a mode for it, and in armor. */
  isText: boolean;
}

/** A program with somebody's keys. Certificates and secret keys are given as octets, binary or armored. */
export interface Correspondent {
  /** The program's name and version. */
  readonly program: string;
  certificate(armored?: boolean): Promise<Uint8Array>;
  /** The fingerprint of a certificate as this program reads it, in upper-case hexadecimal. Refuses what it cannot use. */
  fingerprintOf(certificate: Uint8Array): Promise<string>;
  /** The transferable secret key: in the clear, or locked if this correspondent's is. */
  secretKey(): Promise<Uint8Array>;
  /** The same program with a secret key that leaves it locked. The form is a wish. */
  locked(lock: Lock): Promise<Correspondent>;
  /** The same program with somebody else's keys. */
  inPlaceOf(secretKey: Uint8Array, lock?: Lock): Promise<Correspondent>;
  encrypt(payload: Payload, to: Uint8Array, signed: boolean): Promise<Uint8Array>;
  decrypt(message: Uint8Array, signer: Uint8Array): Promise<Opened>;
  sign(payload: Payload): Promise<Uint8Array>;
  verify(message: Uint8Array, signer: Uint8Array): Promise<Opened>;
  signDetached(payload: Payload): Promise<Uint8Array>;
  verifyDetached(octets: Uint8Array, signature: Uint8Array, signer: Uint8Array): Promise<Verdict>;
  /** Wipes what it left on disk and ends what it started. */
  close(): Promise<void>;
}

export const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);
export const decoded = (octets: Uint8Array): string => new TextDecoder().decode(octets);

/** A packet's first octet has its high bit set (RFC 9580, section 4.2); text has not. */
export const isArmored = (octets: Uint8Array): boolean => ((octets[0] ?? 0) & 0x80) === 0;

export const sameOctets = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
