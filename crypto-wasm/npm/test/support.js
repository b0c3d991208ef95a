// What several tests need.
import { Certificates } from '../index.js';

/** The certificates of these keys, as one set. */
export function certificates(...keys) {
  const set = new Certificates();
  for (const key of keys) set.add(key.certificate());
  return set;
}

/** Octets of which no two places are alike. */
export function large(length) {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
}
