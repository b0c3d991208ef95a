import { describe, expect, it } from 'vitest';
import { LEAST_SCORE, strengthOf } from './strength';

describe('strengthOf', () => {
  it.each(['password', 'qwertyuiop', 'alice1990', 'Passw0rd!'])('says how to better %s', async (password) => {
    const strength = await strengthOf(password, ['alice']);
    expect(strength.score).toBeLessThan(LEAST_SCORE);
    expect(strength.advice).not.toBe('');
  });

  it('is content with words that do not belong together', async () => {
    const strength = await strengthOf('lantern quarry mistletoe ferry', ['alice']);
    expect(strength).toEqual({ score: 4, advice: '' });
  });

  it('counts the user name as known', async () => {
    const strength = await strengthOf('mistletoeferry', ['mistletoeferry']);
    expect(strength.score).toBeLessThan(LEAST_SCORE);
  });
});
