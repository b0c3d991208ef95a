import { expect, it } from 'vitest';
import type { Signature } from '../../crypto/views';
import { UNCHOSEN } from '../settings/preferences.svelte';
import { firstSignature, signedAnew, signedText } from './signature';

const WORK: Signature = { id: '1', name: 'Work', text: 'Alice\nS-Mail' };
const HOME: Signature = { id: '2', name: 'Home', text: 'A.' };

it('is the chosen one, in answers when that is wanted', () => {
  const settings = { ...UNCHOSEN, signatures: [WORK, HOME], defaultSignature: '2' };
  expect(firstSignature(settings, false)).toBe(HOME);
  expect(firstSignature(settings, true)).toBeUndefined();
  expect(firstSignature({ ...settings, signReplies: true }, true)).toBe(HOME);
  expect(firstSignature({ ...settings, defaultSignature: '' }, false)).toBeUndefined();
});

it('stands below its mark, above what is answered, and gives way to another', () => {
  expect(signedText('', WORK)).toBe('\n\n-- \nAlice\nS-Mail');
  const answer = signedText('\n\nOn Monday, bob wrote:\n> Hi', WORK);
  expect(answer).toBe('\n\n-- \nAlice\nS-Mail\n\nOn Monday, bob wrote:\n> Hi');
  expect(signedAnew(answer, WORK, HOME)).toBe('\n\n-- \nA.\n\nOn Monday, bob wrote:\n> Hi');
  expect(signedAnew('Hello', undefined, HOME)).toBe('Hello\n\n-- \nA.');
  expect(signedAnew('Hello\n\n-- \nA.', HOME, undefined)).toBe('Hello\n\n');
});
