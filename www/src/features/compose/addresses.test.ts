import { describe, expect, it } from 'vitest';
import { sameAddress, splitAddresses } from './addresses';

describe('splitAddresses', () => {
  it.each([
    ['bob', ['bob']],
    ['bob,carol@localhost; dave', ['bob', 'carol@localhost', 'dave']],
    ['a b@@c', ['a b@@c']],
    ['Bob Brown <bob@localhost>, Carol <carol@localhost>', ['bob@localhost', 'carol@localhost']],
    ['bob\ncarol\r\n', ['bob', 'carol']],
    [' ,; ', []],
  ])('cuts %j', (text, expected) => {
    expect(splitAddresses(text)).toEqual(expected);
  });
});

describe('sameAddress', () => {
  it('does not mind capitals', () => {
    expect(sameAddress('Bob@localhost', 'bob@LOCALHOST')).toBe(true);
    expect(sameAddress('bob', 'bobby')).toBe(false);
  });
});
