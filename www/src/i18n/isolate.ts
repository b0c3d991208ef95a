const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const LEFT_TO_RIGHT = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Nd}]/u;
/** Marks that turn the direction of what follows, also beyond the name that they stand in. */
const TURNING = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';

/** Whether there is a letter in it that is read from the right to the left. */
export function hasRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** A name without what would make it read as another. */
export function withoutTurning(name: string): string {
  return name.replace(TURNING, '');
}

/**
 * Keeps a name or an address from turning the words around it, in a text of this direction. What reads in the text's
 * own direction is left as it is.
 */
export function isolate(value: string, dir: 'ltr' | 'rtl'): string {
  const plain = withoutTurning(value);
  const other = dir === 'ltr' ? RIGHT_TO_LEFT : LEFT_TO_RIGHT;
  return other.test(plain) ? FIRST_STRONG_ISOLATE + plain + POP_DIRECTIONAL_ISOLATE : plain;
}
