/** Octets as base64url without padding (RFC 4648, section 5). */
export function toBase64Url(octets: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(octets), (octet) => String.fromCharCode(octet)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The octets of base64url. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
