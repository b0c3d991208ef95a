import type { Step } from '../crypto/views';

/** What each step is called while it lasts. */
export const STEP_TEXT: Record<Step, string> = {
  contacting: 'Contacting the server…',
  'stretching-password': 'Stretching your password…',
  'making-keys': 'Making your keys…',
  'opening-keys': 'Opening your keys…',
  'looking-up': 'Looking up recipients…',
  encrypting: 'Encrypting…',
  uploading: 'Uploading…',
  delivering: 'Delivering…',
  downloading: 'Downloading…',
  decrypting: 'Decrypting…',
};
