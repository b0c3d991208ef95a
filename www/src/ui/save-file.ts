/** How long the browser may take to begin reading what is saved. */
const READ_WITHIN_MS = 60_000;

/** Gives octets, or what has them, to the browser to save under this name. Of no type, so that no browser opens them in a page. */
export function saveFile(octets: Uint8Array<ArrayBuffer> | Blob, name: string): void {
  const url = URL.createObjectURL(new Blob([octets], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), READ_WITHIN_MS);
}
