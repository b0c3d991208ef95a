import type { LabelColour } from '../../crypto/views';

/** The colours that a label may have, in the order in which they are offered. */
export const COLOURS: LabelColour[] = ['red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'grey'];
