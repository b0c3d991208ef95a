/** Most octets of a message's source that are drawn. */
const MAX_SHOWN_BYTES = 200_000;

/** The beginning of a source as text. */
export function shownSource(octets: Uint8Array): { text: string; isCut: boolean } {
  const text = new TextDecoder().decode(octets.subarray(0, MAX_SHOWN_BYTES));
  return { text: text.replace(/\r\n?/g, '\n'), isCut: octets.length > MAX_SHOWN_BYTES };
}

/** A name for the file of a message with this subject. */
export function fileName(subject: string): string {
  const words = subject
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} _-]+/gu, ' ')
    .trim()
    .replace(/\s+/g, ' ')
    .slice(0, 60);
  return `${words || 'message'}.eml`;
}
