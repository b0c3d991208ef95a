import type { Certificates, InitInput, Octets, SecretKey, Signature } from './dist/smail_crypto_wasm.js';

export type * from './dist/smail_crypto_wasm.js';
export {
  AccountKey,
  Binding,
  Certificate,
  Certificates,
  Dearmored,
  DecryptedEnd,
  DecryptedMessage,
  DecryptionStream,
  EncryptionStream,
  EnvelopeKey,
  ExportKey,
  OpaqueLoggedIn,
  OpaqueLogin,
  OpaqueRegistered,
  OpaqueRegistration,
  OpaqueServer,
  OpaqueServerLogin,
  SecretKey,
  VerifiedMessage,
  argon2id,
  armor,
  clear,
  dearmor,
  decryptAndVerify,
  encrypt,
  encryptAndSign,
  sign,
  signDetached,
  verify,
  verifyDetached,
  version,
} from './dist/smail_crypto_wasm.js';

/**
 * Loads the WebAssembly module. Call it, and wait for it, before anything else. Further calls wait for the first.
 * Until then everything else throws an error with the code `not-initialized`.
 *
 * @param source the module, when it is not to be loaded from beside this package: its URL, a Response, its bytes or a
 * compiled module
 */
export function init(source?: InitInput): Promise<void>;

/** Whom a stream is encrypted to, and who signs it. */
export interface EncryptingOptions {
  recipients: Certificates;
  /** Signs what passes; left out, it is not signed. */
  signer?: SecretKey;
  /** Milliseconds since 1970; left out, it is now. */
  nowMs?: number;
}

/**
 * Encrypts what passes, of any length and in constant memory: `file.stream().pipeThrough(encrypting({ recipients }))`.
 * Gives a binary OpenPGP message that does not name its recipients. Throws what `EncryptionStream` throws.
 */
export function encrypting(options: EncryptingOptions): TransformStream<Uint8Array, Octets>;

/** Who reads a stream, and who may have signed it. */
export interface DecryptingOptions {
  keys: SecretKey;
  signers: Certificates;
  /** Milliseconds since 1970; left out, it is now. */
  nowMs?: number;
}

/**
 * Decrypts what passes: a binary OpenPGP message in SEIPD version 2 with AES-GCM, not compressed. Each part comes out once it is
 * known to be authentic; that nothing is missing is known at the end alone, where a message that was cut off is an
 * error of the stream. `signature` settles then: with what the signature is worth, or with the same error.
 */
export function decrypting(options: DecryptingOptions): {
  readable: ReadableStream<Octets>;
  writable: WritableStream<Uint8Array>;
  signature: Promise<Signature>;
};
