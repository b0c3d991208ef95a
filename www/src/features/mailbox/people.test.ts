import { describe, expect, it } from 'vitest';
import { monogram, personInFull, personLabel } from './people';

describe('people', () => {
  it.each([
    [{ name: 'Bob Brown', address: 'bob@localhost' }, 'Bob Brown', 'Bob Brown <bob@localhost>', 'BB'],
    [{ name: '', address: 'dave@localhost' }, 'dave@localhost', 'dave@localhost', 'D'],
    [{ name: ' ', address: 'a.b@localhost' }, 'a.b@localhost', 'a.b@localhost', 'AB'],
    [{ name: '张 伟', address: 'w@localhost' }, '张 伟', '张 伟 <w@localhost>', '张伟'],
  ])('names %j', (person, label, inFull, letters) => {
    expect([personLabel(person), personInFull(person), monogram(person)]).toEqual([label, inFull, letters]);
  });
});
