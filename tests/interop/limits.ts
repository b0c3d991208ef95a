/** Limits that several programs share. */
import type { Limit } from './rows.ts';

/** Streams are written and read in one way alone. */
export const NO_STREAM_TO_THEM: Limit = {
  operations: ['stream'],
  way: 'to them',
  says: /does not read messages that are written as a stream/,
  because: 'we write streams in SEIPD v2 with GCM alone, which this key does not say it reads',
};
export const NO_STREAM_TO_US: Limit = {
  operations: ['stream'],
  way: 'to us',
  says: /can be read whole alone/,
  because: 'we read streams in SEIPD v2 with GCM alone; decryptAndVerify reads this message',
};

/** What programs made before RFC 9580 are limited to, and what they say of a key that is locked as there. */
export function older(ofLockedKey: RegExp): Limit[] {
  return [
    NO_STREAM_TO_THEM,
    NO_STREAM_TO_US,
    {
      operations: ['locked (RFC 9580)'],
      way: 'to them',
      says: ofLockedKey,
      because: 'it knows neither Argon2 nor AEAD in secret keys; what is locked as in RFC 4880 it reads',
    },
    {
      operations: ['locked (RFC 9580)'],
      way: 'to us',
      says: /locked as in RFC 4880/,
      because: 'it locks keys as in RFC 4880 alone',
    },
  ];
}
