import { describe, expect, it } from 'vitest';
import { ALICE, seededMail } from '../../../test/fake-mail';
import { counterparts, monogram, personInFull, personLabel } from './people';

describe('people', () => {
  it.each([
    [{ name: 'Bob Brown', address: 'bob@localhost' }, 'Bob Brown', 'Bob Brown <bob@localhost>', 'BB'],
    [{ name: '', address: 'dave@localhost' }, 'dave@localhost', 'dave@localhost', 'D'],
    [{ name: ' ', address: 'a.b@localhost' }, 'a.b@localhost', 'a.b@localhost', 'AB'],
    [{ name: '张 伟', address: 'w@localhost' }, '张 伟', '张 伟 <w@localhost>', '张伟'],
  ])('names %j', (person, label, inFull, letters) => {
    expect([personLabel(person), personInFull(person), monogram(person)]).toEqual([label, inFull, letters]);
  });

  it('names who wrote a conversation, the account itself as me, and not too many', () => {
    const [first] = seededMail(0);
    if (!first) throw new Error('there is no example');
    const written = (...names: string[]) => {
      const people = names.map((name) => (name === 'me' ? ALICE : { name, address: `${name}@localhost` }));
      const conversation = { ids: [], count: names.length, unread: 0, people };
      return counterparts({ ...first.row, conversation }, 'inbox', ALICE.address).label;
    };
    expect(written('Bob', 'me')).toBe('Bob, me');
    expect(written('Bob', 'me', 'Carol', 'Dave', 'Erin')).toBe('Bob, …, Carol, Dave, Erin');
  });

  it('says of a message without an author that there is none', () => {
    const [first] = seededMail(0);
    if (!first) throw new Error('there is no example');
    const from = { name: '', address: '' };
    expect(counterparts({ ...first.row, from, conversation: undefined }, 'inbox', ALICE.address).label).toBe(
      'No sender',
    );
  });
});
