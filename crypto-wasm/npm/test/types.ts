// Compiled and never run: what the package's types allow, and what they do not.
import {
  Binding,
  Certificates,
  OpaqueLogin,
  SecretKey,
  decrypting,
  encrypt,
  init,
  verifyDetached,
  type ErrorCode,
  type SMailError,
} from '../index.js';

await init();

const bytes = new Uint8Array(16);
const signers = new Certificates();
signers.add(SecretKey.generate('alice@example.org').certificate());

// What comes out is taken wherever octets in a buffer of their own are asked for.
const keys = SecretKey.generate('bob@example.org');
export const file = new Blob([await encrypt(bytes, signers), keys.toBytes()]);
export const answer = new Response(decrypting({ keys, signers }).readable);

const signature = verifyDetached(bytes, bytes, signers);
export const signedAtMs: number | undefined = signature.state === 'valid' ? signature.createdMs : undefined;
export const fault: ErrorCode | undefined = signature.state === 'unusable-signer' ? signature.fault : undefined;
// @ts-expect-error an unsigned message has no signer
export const signer: string = signature.signer;

export const place = new Binding('state', bytes, bytes, 1n);
// @ts-expect-error an array of numbers is refused
export const unplaced = new Binding('state', [1, 2, 3], bytes, 1n);
// @ts-expect-error there is no such kind of envelope
export const nowhere = new Binding('letter', bytes, bytes, 1n);

const ksf = { memoryKib: 65536, iterations: 3, parallelism: 4 };
export const loggedIn = new OpaqueLogin('a password').finish(bytes, 'alice', 'example.org', ksf);
// @ts-expect-error lanes are missing
new OpaqueLogin('a password').finish(bytes, 'alice', 'example.org', { memoryKib: 65536, iterations: 3 });

export const code: ErrorCode = ({} as SMailError).code;
// @ts-expect-error there is no such code
export const noCode: ErrorCode = 'nothing';
