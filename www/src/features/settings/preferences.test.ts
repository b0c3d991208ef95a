import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import { ThemeChoice } from '../../app/theme.svelte';
import { mailError, type ErrorRecord } from '../../crypto/errors';
import { Preferences, UNCHOSEN } from './preferences.svelte';

const OFFLINE: ErrorRecord = { code: 'offline', message: 'The server cannot be reached.' };

describe('Preferences', () => {
  let service: FakeClient;
  let theme: ThemeChoice;
  let preferences: Preferences;

  beforeEach(() => {
    localStorage.clear();
    service = new FakeClient({ delayMs: 0 });
    theme = new ThemeChoice();
    preferences = new Preferences(service, mailError, theme);
  });

  it('shows what the account has, and keeps how the page looks in this browser', async () => {
    service.own.chosen = { ...UNCHOSEN, theme: 'dark', density: 'compact' };
    expect(preferences.known).toBe(false);
    await preferences.load();
    expect(preferences.known).toBe(true);
    expect(theme.current).toBe('dark');
    expect(document.documentElement.dataset['density']).toBe('compact');
    preferences.clear();
    expect(preferences.current).toEqual(UNCHOSEN);
    new Preferences(service, mailError, new ThemeChoice());
    expect(document.documentElement.dataset).toMatchObject({ theme: 'dark', density: 'compact' });
  });

  it('shows a change at once, and what was before when it cannot be kept', async () => {
    await preferences.load();
    const kept = preferences.change({ undoSendS: 30 });
    expect(preferences.current.undoSendS).toBe(30);
    await kept;
    expect(service.own.chosen.undoSendS).toBe(30);
    service.failNext('changeSettings', OFFLINE);
    const failed = preferences.change({ theme: 'dark' });
    expect(theme.current).toBe('dark');
    await expect(failed).rejects.toMatchObject(OFFLINE);
    expect(theme.current).toBe('system');
  });

  it('hears of other sessions, but not while it is changing something itself', async () => {
    await preferences.load();
    preferences.take({ ...UNCHOSEN, clock: 'twelve-hours' });
    expect(preferences.current.clock).toBe('twelve-hours');
    const kept = preferences.change({ density: 'compact' });
    preferences.take(UNCHOSEN);
    expect(preferences.current.density).toBe('compact');
    await kept;
    expect(preferences.current.density).toBe('compact');
  });

  it('keeps and removes signatures', async () => {
    await preferences.keepSignature({ id: '', name: 'Work', text: 'Alice' });
    const [made] = preferences.current.signatures;
    expect(made).toMatchObject({ name: 'Work', text: 'Alice' });
    expect(preferences.current.defaultSignature).toBe(made?.id);
    await preferences.removeSignature(made?.id ?? '');
    expect(preferences.current.signatures).toEqual([]);
  });

  it('says why the settings do not open', async () => {
    service.failNext('settings', { code: 'state-tampered', message: 'Altered.' });
    await preferences.load();
    expect(preferences.error?.message).toBe('Altered.');
    expect(preferences.known).toBe(false);
  });
});
