import { expect, it } from 'vitest';
import { matching } from './matching';

it('finds what holds the text, and what begins with it first', () => {
  const options = ['Archive', 'Tax / 2026', 'My tax'].map((label) => ({ label }));
  const labels = (typed: string) => matching(options, typed).map(({ label }) => label);
  expect(labels(' ')).toEqual(['Archive', 'Tax / 2026', 'My tax']);
  expect(labels('TAX')).toEqual(['Tax / 2026', 'My tax']);
  expect(labels('zzz')).toEqual([]);
});
