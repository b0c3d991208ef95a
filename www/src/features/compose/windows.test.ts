import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import { mailError } from '../../crypto/errors';
import { ComposeWindows } from './windows.svelte';

describe('ComposeWindows', () => {
  let service: FakeClient;
  let windows: ComposeWindows;
  const discarded = vi.fn<(bringBack: () => void) => void>();

  beforeEach(() => {
    vi.clearAllMocks();
    vi.stubGlobal('innerWidth', 1_300);
    service = new FakeClient({ delayMs: 0 });
    windows = new ComposeWindows(service, {
      note: mailError,
      sent: vi.fn(),
      kept: vi.fn(),
      saved: vi.fn(),
      waits: vi.fn(),
      signature: () => undefined,
      undoMs: () => 0,
      discarded,
    });
  });

  async function begin(subject: string) {
    await windows.open();
    const compose = windows.front;
    if (!compose) throw new Error('no window');
    compose.subject = subject;
    return compose;
  }

  it('keeps each message in a window of its own', async () => {
    const first = await begin('First');
    const second = await begin('Second');
    expect(windows.list).toEqual([first, second]);
    expect([first.subject, second.subject]).toEqual(['First', 'Second']);
    expect(windows.front).toBe(second);
    await second.close();
    expect(windows.list).toEqual([first]);
    expect(service.mail.filter(({ row }) => row.subject === 'Second')).toHaveLength(1);
  });

  it('opens no draft twice', async () => {
    const id = service.idOf('drafts', 0);
    await windows.open(await service.openDraft(id));
    const first = windows.front;
    await begin('Other');
    await windows.open(await service.openDraft(id));
    expect(windows.list).toHaveLength(2);
    expect(windows.front).toBe(first);
  });

  it('puts away the oldest when there is no room for all', async () => {
    const [first, second, third] = [await begin('1'), await begin('2'), await begin('3')];
    expect([...windows.minimised]).toEqual([first]);
    windows.show(first);
    expect(windows.minimised.has(first)).toBe(false);
    expect([...windows.minimised]).toEqual([second]);
    expect(third.isOpen).toBe(true);
  });

  it('closes all, but for one that cannot be kept', async () => {
    await begin('1');
    const stays = await begin('2');
    service.failNext('saveDraft', { code: 'offline', message: 'No connection.' });
    const first = windows.list[0];
    await expect(windows.close()).resolves.toBe(false);
    expect(windows.list).toHaveLength(1);
    expect([first, stays]).toContain(windows.list[0]);
    await expect(windows.close()).resolves.toBe(true);
    expect(windows.isOpen).toBe(false);
  });

  it('shows a discarded one again when it is wanted back', async () => {
    const compose = await begin('A slip');
    await compose.discard();
    expect(windows.isOpen).toBe(false);
    await begin('Another');
    discarded.mock.lastCall?.[0]();
    await vi.waitFor(() => expect(windows.list).toHaveLength(2));
    expect(windows.front?.subject).toBe('A slip');
  });
});
