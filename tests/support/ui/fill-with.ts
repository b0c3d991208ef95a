/** Runs in the page: gives a text field a long value, as pasting it would. */
export function fillWith(input: Element, { piece, length }: { piece: string; length: number }): void {
  if (!(input instanceof HTMLTextAreaElement)) throw new Error('no text area');
  input.value = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
  input.dispatchEvent(new Event('input', { bubbles: true }));
}
