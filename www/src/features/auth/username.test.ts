import { describe, expect, it } from 'vitest';
import { loginName, usernameFault } from './username';

describe('usernameFault', () => {
  it.each(['alice', 'Alice', ' alice ', 'a1', 'a.b-c_d', 'x'.repeat(32)])('takes %j', (name) => {
    expect(usernameFault(name)).toBeUndefined();
  });

  it.each([
    ['', /Choose/],
    ['a', /at least 2/],
    ['x'.repeat(33), /at most 32/],
    ['al ice', /letters a to z/],
    ['alíce', /letters a to z/],
    ['alice@localhost', /letters a to z/],
    ['.alice', /Begin and end/],
    ['alice-', /Begin and end/],
    ['al..ice', /no two dots/],
  ])('refuses %j', (name, fault) => {
    expect(usernameFault(name)).toMatch(fault);
  });
});

describe('loginName', () => {
  it('takes a whole address too', () => {
    expect(loginName(' Alice@Localhost ')).toBe('alice');
  });
});
