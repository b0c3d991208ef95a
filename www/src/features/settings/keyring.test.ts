import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import { mailError } from '../../crypto/errors';
import { Keyring } from './keyring.svelte';

describe('Keyring', () => {
  let service: FakeClient;
  let keyring: Keyring;

  beforeEach(async () => {
    service = new FakeClient({ delayMs: 0 });
    keyring = new Keyring(service, mailError);
    await keyring.load();
  });

  it('waits for the password where a change wants it, and goes on then', async () => {
    let done = 0;
    service.failNext('renewKeys', { code: 'fresh-login-required', message: 'Log in first.' });
    await keyring.change(
      () => service.renewKeys(),
      () => (done += 1),
    );
    expect(keyring.attempt.error).toBeUndefined();
    expect([done, keyring.waiting === undefined]).toEqual([0, false]);
    keyring.goOn();
    expect(keyring.waiting).toBeUndefined();
    await expect.poll(() => done).toBe(1);
    expect(keyring.state).toMatchObject({ kind: 'loaded', keyring: { own: { retired: 2 } } });
  });

  it('changes nothing when the password is not given, or something fails', async () => {
    service.failNext('renewKeys', { code: 'fresh-login-required', message: 'Log in first.' });
    await keyring.change(() => service.renewKeys(), expect.unreachable);
    keyring.giveUp();
    keyring.goOn();
    service.failNext('bringKey', { code: 'unlock-wrong-password', message: 'Wrong.', field: 'passphrase' });
    await keyring.change(() => service.bringKey(), expect.unreachable);
    expect(keyring.attempt.errorAt('passphrase')).toBe('Wrong.');
    expect(keyring.state).toMatchObject({ keyring: { own: { retired: 0 }, brought: [] } });
  });
});
