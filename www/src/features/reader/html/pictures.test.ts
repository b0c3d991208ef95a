import { describe, expect, it } from 'vitest';
import { pictureAddress, pictureType, saysPicture } from './pictures';

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]);

describe('pictures', () => {
  it('are told by their first octets', async () => {
    expect(pictureType(PNG)).toBe('image/png');
    expect(await pictureAddress(PNG)).toBe('data:image/png;base64,iVBORw0KGgoA');
  });

  it.each(['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', '<html>', 'BM', ''])(
    'are not what only says so: %s',
    async (text) => {
      expect(await pictureAddress(new TextEncoder().encode(text))).toBeUndefined();
    },
  );

  it('are fetched by the types that can be shown', () => {
    expect(saysPicture('image/png')).toBe(true);
    expect(saysPicture('image/svg+xml')).toBe(false);
    expect(saysPicture('text/html')).toBe(false);
  });
});
