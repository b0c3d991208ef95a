/** Digits of a safety number. */
const DIGITS = 60;
/** What the code of a safety number begins with, so that no other code is taken for one. */
const PREFIX = 'S-MAIL-SAFETY-1:';

/** Latin digits of whatever was pasted: people's programs write digits in many scripts. */
export function digitsOf(text: string): string {
  const latin = text.normalize('NFKC').replace(/[٠-٩۰-۹०-९]/gu, (digit) => latinDigit(digit));
  return latin.replace(/\D/g, '');
}

/** What a pasted number says beside one's own. */
export function compare(own: string, theirs: string): 'nothing' | 'incomplete' | 'same' | 'different' {
  const digits = digitsOf(theirs);
  if (digits === '') return 'nothing';
  if (digits.length !== DIGITS) return 'incomplete';
  return digits === digitsOf(own) ? 'same' : 'different';
}

/** What the QR code says. */
export function codeText(number: string): string {
  return PREFIX + digitsOf(number);
}

/** The digits of a scanned code; undefined when it is of something else. */
export function readCode(text: string): string | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const digits = text.slice(PREFIX.length);
  return /^\d{60}$/.test(digits) ? digits : undefined;
}

function latinDigit(digit: string): string {
  const zeros = ['٠', '۰', '०'];
  const zero = zeros.findLast((candidate) => candidate <= digit) ?? '٠';
  return String((digit.codePointAt(0) ?? 0) - (zero.codePointAt(0) ?? 0));
}
