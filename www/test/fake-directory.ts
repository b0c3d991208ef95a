import type { RecipientStatus } from '../src/crypto/views';

/** The fingerprint of everybody. */
export const FINGERPRINT = 'A1B2 C3D4 E5F6 0718 293A 4B5C 6D7E 8F90 1122 3344';
export const OTHER_FINGERPRINT = '0F1E 2D3C 4B5A 6978 8796 A5B4 C3D2 E1F0 5566 7788';
/** Who has an account here. */
export const KNOWN = ['bob', 'carol', 'dave', 'erin', 'alice'];

/** What the directory says of an address; `accepted` are those whose changed keys were looked at. */
export function recipientStatus(typed: string, accepted: ReadonlySet<string>): RecipientStatus {
  const [local = '', domain = 'localhost'] = typed.toLowerCase().split('@');
  const address = `${local}@${domain}`;
  const base = { typed, address, fingerprint: undefined, pinnedFingerprint: undefined, verified: false };
  if (!/^[a-z0-9._-]+$/.test(local))
    return { ...base, address: undefined, state: 'malformed', text: `“${typed}” is not an address.` };
  if (domain !== 'localhost') {
    return {
      ...base,
      state: 'outside',
      text: `${address} is on another server, which cannot be reached yet.`,
    };
  }
  if (!KNOWN.includes(local)) return { ...base, state: 'unknown', text: `Nobody here is called ${local}.` };
  if (local === 'carol' && !accepted.has(address)) {
    return {
      ...base,
      state: 'changed-key',
      text: `The key of ${address} is not the one seen before.`,
      fingerprint: FINGERPRINT,
      pinnedFingerprint: OTHER_FINGERPRINT,
    };
  }
  return { ...base, state: 'ready', text: '', fingerprint: FINGERPRINT };
}
