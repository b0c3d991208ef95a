import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClient, SESSION_OVER } from '../../test/fake-client';
import { MailError } from '../crypto/errors';
import { Session } from './session.svelte';

const ALICE = { username: 'alice', password: 'lantern quarry mistletoe ferry' };
const NO_STEPS = () => {};

describe('Session', () => {
  let service: FakeClient;
  let session: Session;
  let unsent: boolean;

  beforeEach(() => {
    unsent = false;
    service = new FakeClient({ delayMs: 0 });
    session = new Session(service, () => unsent);
  });

  it('asks for a login when there is nothing to resume', async () => {
    await session.start();
    expect(session.state).toEqual({ kind: 'closed', notice: undefined });
  });

  it('says why resuming failed', async () => {
    service.failNext('resume', { code: 'offline', message: 'No connection.' });
    await session.start();
    expect(session.state).toEqual({ kind: 'closed', notice: 'No connection.' });
  });

  it('closes with a word when the server ends it', async () => {
    await session.logIn(ALICE, NO_STEPS);
    session.noted(new MailError(SESSION_OVER));
    expect(session.state.kind === 'closed' && session.state.notice).toContain('session has ended');
    expect(service.forgotKeys).toBe(1);
  });

  it('waits for the same person when there is unsent text', async () => {
    await session.logIn(ALICE, NO_STEPS);
    unsent = true;
    session.ended();
    expect(session.state).toMatchObject({ kind: 'interrupted', account: { username: 'alice' } });
    await session.logIn(ALICE, NO_STEPS);
    expect(session.state.kind).toBe('open');
  });

  it('closes on logging out, also when the server cannot be told', async () => {
    await session.logIn(ALICE, NO_STEPS);
    service.failNext('logOut', { code: 'offline', message: 'No connection.' });
    await session.logOut();
    expect(session.state.kind === 'closed' && session.state.notice).toContain('could not be reached');
  });

  it('takes what hears of the end before it for no failure', async () => {
    await session.logIn(ALICE, NO_STEPS);
    const leaving = session.logOut();
    session.noted(new MailError(SESSION_OVER));
    await leaving;
    expect(session.state).toEqual({ kind: 'closed', notice: undefined });
    expect(service.forgotKeys).toBe(0);
  });

  it('leaves other errors alone', async () => {
    await session.logIn(ALICE, NO_STEPS);
    session.noted(new MailError({ code: 'offline', message: 'No connection.' }));
    expect(session.state.kind).toBe('open');
  });
});
