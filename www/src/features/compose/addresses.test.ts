import { describe, expect, it } from 'vitest';
import { addressKey, hasSeparator, splitAddresses } from './addresses';

describe('splitAddresses', () => {
  it.each([
    ['bob', ['bob']],
    ['bob,carol@localhost; dave', ['bob', 'carol@localhost', 'dave']],
    ['a b@@c', ['a b@@c']],
    ['Bob Brown <bob@localhost>, Carol <carol@localhost>', ['bob@localhost', 'carol@localhost']],
    ['bob@localhost carol@localhost', ['bob@localhost', 'carol@localhost']],
    ['Bob bob@localhost', ['Bob bob@localhost']],
    ['bob\ncarol\r\n', ['bob', 'carol']],
    [' ,; ', []],
    ['"Dora, D" <dora@localhost>, bob', ['dora@localhost', 'bob']],
    ['o"b@localhost, bob', ['o"b@localhost', 'bob']],
  ])('cuts %j', (text, expected) => {
    expect(splitAddresses(text)).toEqual(expected);
  });
});

describe('hasSeparator', () => {
  it('waits for the end of a quoted name', () => {
    expect(hasSeparator('"Dora,')).toBe(false);
    expect(hasSeparator('"Dora, D" <dora@localhost>')).toBe(false);
    expect(hasSeparator('"Dora, D" <dora@localhost>,')).toBe(true);
  });
});

describe('addressKey', () => {
  it('does not mind capitals', () => {
    expect(addressKey('Bob@localhost')).toBe(addressKey('bob@LOCALHOST'));
    expect(addressKey('bob')).not.toBe(addressKey('bobby'));
  });
});
