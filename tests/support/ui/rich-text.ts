/** Run in the page: what is in a field, whether it is one for plain text or for formatted. */

export function valueOf(field: Element): string {
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) return field.value;
  return (field as HTMLElement).innerText.replace(/\n$/, '');
}

/** Pastes plain text, as from another program. */
export function pasteText(field: Element, text: string): void {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}
