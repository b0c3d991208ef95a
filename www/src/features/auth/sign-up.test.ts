import { describe, expect, it, vi } from 'vitest';
import { MailError } from '../../crypto/errors';
import { SignUp } from './sign-up.svelte';

const STRONG = 'lantern quarry mistletoe ferry';

function filledIn(create = vi.fn(() => Promise.resolve())) {
  const signUp = new SignUp(create);
  signUp.username = ' Alice ';
  signUp.password.value = STRONG;
  signUp.password.repeated = STRONG;
  signUp.understood = true;
  return { signUp, create };
}

describe('SignUp', () => {
  it('asks for the account with the name in its one spelling', async () => {
    const { signUp, create } = filledIn();
    await expect(signUp.submit()).resolves.toBe(true);
    expect(create).toHaveBeenCalledWith({ username: 'alice', password: STRONG }, expect.any(Function));
  });

  it.each<[string, (signUp: SignUp) => void, (signUp: SignUp) => string | undefined]>([
    ['a malformed name', (s) => (s.username = 'a b'), (s) => s.usernameFault],
    ['a weak password', (s) => (s.password.value = 'alice123'), (s) => s.password.fault],
    ['two passwords', (s) => (s.password.repeated = 'another'), (s) => s.password.repeatFault],
    ['the warning not ticked', (s) => (s.understood = false), (s) => s.understoodFault],
  ])('stops at %s and says so', async (_, spoil, fault) => {
    const { signUp, create } = filledIn();
    spoil(signUp);
    await expect(signUp.submit()).resolves.toBe(false);
    expect(fault(signUp)).toBeTypeOf('string');
    expect(create).not.toHaveBeenCalled();
  });

  it('puts a taken name beside the name', async () => {
    const taken = new MailError({ code: 'username-taken', message: 'Taken.', field: 'username' });
    const { signUp } = filledIn(vi.fn(() => Promise.reject(taken)));
    await expect(signUp.submit()).resolves.toBe(false);
    expect(signUp.attempt.errorAt('username')).toBe('Taken.');
    expect(signUp.attempt.errorBeside('username', 'password')).toBeUndefined();
  });
});
