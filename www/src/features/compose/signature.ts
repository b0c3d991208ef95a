import type { Settings, Signature } from '../../crypto/views';

/** The line above a signature in plain text, as mail programs know it. */
export const SIGNATURE_MARK = '-- ';

/** The signature that a new message, or an answer, begins with. */
export function firstSignature(settings: Settings, isAnswer: boolean): Signature | undefined {
  if (isAnswer && !settings.signReplies) return undefined;
  return settings.signatures.find(({ id }) => id === settings.defaultSignature);
}

/** Below its line; one that the person has typed is not said again. */
function marked({ text }: Signature): string {
  return `${SIGNATURE_MARK}\n${ownText(text)}`;
}

/** A signature's text without the line above it. */
export function ownText(text: string): string {
  return text.replace(/^-- ?\r?\n/, '');
}

/** The text with this signature: above what is answered, or at the end. */
export function signedText(text: string, signature: Signature | undefined): string {
  if (!signature) return text;
  return `\n\n${marked(signature)}${text}`;
}

/** The text with another signature in place of the one that it has, or without any. */
export function signedAnew(text: string, before: Signature | undefined, next: Signature | undefined): string {
  const old = before && marked(before);
  const at = old === undefined ? -1 : text.indexOf(old);
  const mark = next ? marked(next) : '';
  if (old !== undefined && at >= 0) return text.slice(0, at) + mark + text.slice(at + old.length);
  return next ? `${text}\n\n${mark}` : text;
}
