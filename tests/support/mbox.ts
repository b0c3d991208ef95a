/** Made mail as other programs keep it. */

/** A message of an mbox, in front of it its line. */
export function messageOf(number: number): string {
  const second = String(number % 60).padStart(2, '0');
  const minute = String(Math.floor(number / 60)).padStart(2, '0');
  return [
    'From bob@example.org Wed Jan  3 01:05:34 1996',
    `Message-ID: <letter-${number}@example.org>`,
    'From: Bob <bob@example.org>',
    'To: alice@example.org',
    `Subject: Letter ${number} of many`,
    `Date: Tue, 2 Jan 1996 12:${minute}:${second} +0000`,
    '',
    `Text of letter ${number}`,
    '>From the start, and to the end.',
    '',
    '',
  ].join('\n');
}

/** So many of them. */
export function mbox(count: number): string {
  return Array.from({ length: count }, (_, number) => messageOf(number)).join('');
}

/** A file of text, as one chooses it to be taken in. */
export function file(name: string, text: string): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
}
