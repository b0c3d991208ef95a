import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from './base64url';

describe('base64url', () => {
  it.each([
    ['', []],
    ['-_8', [0xfb, 0xff]],
    ['Zm9vYmE', [...new TextEncoder().encode('fooba')]],
    ['__79_A', [0xff, 0xfe, 0xfd, 0xfc]],
  ])('reads and writes %s', (text, octets) => {
    expect([...fromBase64Url(text)]).toEqual(octets);
    expect(toBase64Url(Uint8Array.from(octets).buffer)).toBe(text);
  });
});
