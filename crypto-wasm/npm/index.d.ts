import type { InitInput } from './dist/smail_crypto_wasm.js';

export type * from './dist/smail_crypto_wasm.js';
export {
  AccountKey,
  Binding,
  Certificate,
  Certificates,
  DecryptedMessage,
  EnvelopeKey,
  ExportKey,
  OpaqueLoggedIn,
  OpaqueLogin,
  OpaqueRegistered,
  OpaqueRegistration,
  SecretKey,
  decryptAndVerify,
  encryptAndSign,
  signDetached,
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
