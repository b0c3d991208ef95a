import { describe, expect, it } from 'vitest';
import { NewPassword } from './new-password.svelte';

async function checked(value: string, repeated: string): Promise<NewPassword> {
  const password = new NewPassword(() => ['alice']);
  password.value = value;
  password.repeated = repeated;
  await password.check();
  return password;
}

describe('NewPassword', () => {
  const STRONG = 'lantern quarry mistletoe ferry';

  it('takes a strong password typed the same twice', async () => {
    const password = await checked(STRONG, STRONG);
    expect([password.fault, password.repeatFault]).toEqual([undefined, undefined]);
  });

  it('names a weak one', async () => {
    expect((await checked('password1', 'password1')).fault).toMatch(/too easy to guess/);
  });

  it('names two that differ', async () => {
    expect((await checked(STRONG, `${STRONG}!`)).repeatFault).toMatch(/not the same/);
  });

  it('takes the complaint back when something is typed', async () => {
    const password = await checked('', '');
    expect(password.fault).toBe('Choose a password.');
    password.value = 'l';
    expect(password.fault).toBeUndefined();
  });
});
