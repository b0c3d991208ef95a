/** Pictures that came with a message: told by their first octets, not by what the sender calls them. */

/** Types that are drawn dot by dot: nothing in them is followed or run. */
const SIGNATURES: [type: string, starts: (octets: Uint8Array) => boolean][] = [
  ['image/png', (octets) => has(octets, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ['image/jpeg', (octets) => has(octets, 0, [0xff, 0xd8, 0xff])],
  ['image/gif', (octets) => has(octets, 0, [0x47, 0x49, 0x46, 0x38])],
  [
    'image/webp',
    (octets) => has(octets, 0, [0x52, 0x49, 0x46, 0x46]) && has(octets, 8, [0x57, 0x45, 0x42, 0x50]),
  ],
  ['image/bmp', (octets) => has(octets, 0, [0x42, 0x4d]) && octets.length > 26],
  ['image/avif', (octets) => has(octets, 4, [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69])],
];

function has(octets: Uint8Array, at: number, wanted: number[]): boolean {
  return wanted.every((octet, index) => octets[at + index] === octet);
}

/** The type of a picture that can be shown; nothing for anything else. */
export function pictureType(octets: Uint8Array): string | undefined {
  return SIGNATURES.find(([, starts]) => starts(octets))?.[0];
}

/** Whether this is worth fetching in order to show it, by what the sender says. */
export function saysPicture(mediaType: string): boolean {
  return /^image\/(?:png|jpe?g|pjpeg|gif|webp|bmp|x-ms-bmp|avif)$/.test(mediaType);
}

/** A picture as an address that holds it whole; nothing for what is no picture. */
export async function pictureAddress(octets: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const type = pictureType(octets);
  if (type === undefined) return undefined;
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () =>
      resolve(typeof reader.result === 'string' ? reader.result : undefined),
    );
    reader.addEventListener('error', () => reject(new Error('the picture could not be read')));
    reader.readAsDataURL(new Blob([octets], { type }));
  });
}
