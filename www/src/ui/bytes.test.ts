import { expect, it } from 'vitest';
import { sizeText } from './bytes';

it('says sizes as people do', () => {
  const said = [0, 999, 1000, 9_940, 10_400, 1_400_000, 2_000_000_000, 5e12].map(sizeText);
  expect(said).toEqual(['0 bytes', '999 bytes', '1.0 kB', '9.9 kB', '10 kB', '1.4 MB', '2.0 GB', '5000 GB']);
});
