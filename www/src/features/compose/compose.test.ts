import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClient, SESSION_OVER } from '../../../test/fake-client';
import { mailError } from '../../crypto/errors';
import { Compose } from './compose.svelte';

describe('Compose', () => {
  let service: FakeClient;
  let compose: Compose;
  const sent = vi.fn();
  const kept = vi.fn();
  const waits = vi.fn();
  let undoMs = 0;
  const saved = vi.fn();
  const discarded = vi.fn<(bringBack: () => void) => void>();

  beforeEach(() => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    vi.clearAllMocks();
    undoMs = 0;
    service = new FakeClient({ delayMs: 0 });
    compose = new Compose(service, {
      note: mailError,
      sent,
      kept,
      saved,
      discarded,
      waits,
      signature: () => undefined,
      undoMs: () => undoMs,
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function write(to: string): Promise<void> {
    await compose.open();
    compose.to.typing = to;
    compose.subject = 'Lunch';
    compose.text = 'At noon?';
  }

  it('sends what was written, also to an address that was not ended', async () => {
    await write('bob');
    await compose.send();
    expect(sent).toHaveBeenCalledWith(expect.objectContaining({ subject: 'Lunch' }));
    expect(compose.isOpen).toBe(false);
  });

  it('no longer asks whom it goes to once that is said', async () => {
    await compose.open();
    await compose.send();
    expect(compose.error?.code).toBe('no-recipients');
    compose.subject = 'Lunch';
    expect(compose.error?.code).toBe('no-recipients');
    compose.to.typing = 'bob';
    compose.to.commit();
    expect(compose.error).toBeUndefined();
  });

  it('no longer says what stood against somebody who was taken out', async () => {
    await write('bob');
    service.failNext('send', {
      code: 'unknown-recipient',
      message: 'There is no such account.',
      field: 'to',
    });
    await compose.send();
    expect(compose.error?.code).toBe('unknown-recipient');
    compose.cc.typing = 'carol';
    compose.cc.commit();
    expect(compose.error?.code).toBe('unknown-recipient');
    compose.to.remove('bob');
    expect(compose.error).toBeUndefined();
  });

  it('holds what is sent for as long as it can be undone', async () => {
    undoMs = 5_000;
    await write('bob');
    await compose.send();
    expect(waits).toHaveBeenCalledWith(
      expect.objectContaining({ folderId: 'folder-scheduled' }),
      5_000,
      true,
    );
    expect(sent).not.toHaveBeenCalled();
    expect(compose.isOpen).toBe(false);
  });

  it('sends at a time that was chosen, also after a question', async () => {
    undoMs = 5_000;
    await write('bob');
    compose.text = 'See attached.';
    vi.spyOn(service, 'saysAttached').mockResolvedValue('attached');
    await compose.sendLater(60_000);
    expect(compose.forgotten).toBe('attached');
    await compose.send(true);
    expect(waits).toHaveBeenCalledWith(expect.objectContaining({ subject: 'Lunch' }), 60_000, false);
  });

  it('asks no longer about an attachment once there is one', async () => {
    await write('bob');
    compose.text = 'See attached.';
    vi.spyOn(service, 'saysAttached').mockResolvedValue('attached');
    await compose.send();
    expect(compose.forgotten).toBe('attached');
    compose.attachments.add([new File(['x'], 'notes.txt')]);
    expect(compose.forgotten).toBeUndefined();
  });

  it('saves at once when the page is put away', async () => {
    await write('bob');
    await compose.saveNow();
    expect(saved).toHaveBeenCalledTimes(1);
    await compose.saveNow();
    expect(saved).toHaveBeenCalledTimes(1);
  });

  it('keeps the formatting and the pictures that the text shows, and no others', async () => {
    await write('bob');
    const shown = compose.addPicture(new File(['x'], 'dog.png', { type: 'image/png' }));
    compose.addPicture(new File(['y'], 'cat.png', { type: 'image/png' }));
    compose.write({ text: 'My [dog]', html: '<div>My dog</div>', contentIds: [shown] });
    await compose.send();
    expect(service.lastDraft?.html).toBe('<div>My dog</div>');
    expect(service.lastDraft?.attachments?.map(({ name, contentId }) => [name, contentId])).toEqual([
      ['dog.png', shown],
    ]);
  });

  it('asks for a recipient first', async () => {
    await write('');
    await compose.send();
    expect(compose.error?.field).toBe('to');
    expect(service.calls).not.toContain('send');
  });

  it('keeps everything when sending fails', async () => {
    await write('bob');
    service.failNext('send', { code: 'offline', message: 'No connection.' });
    await compose.send();
    expect(compose.error?.message).toBe('No connection.');
    expect([compose.subject, compose.text, compose.to.typed]).toEqual(['Lunch', 'At noon?', ['bob']]);
    await compose.send();
    expect(sent).toHaveBeenCalledOnce();
  });

  it('keeps what could not be sent, and says where it is kept', async () => {
    await write('bob');
    service.failNext('send', { code: 'offline', message: 'No connection.' });
    await compose.send();
    await vi.waitFor(() => expect(compose.saved.kind).toBe('saved'), { timeout: 5_000 });
    expect(saved).toHaveBeenCalledWith(expect.objectContaining({ subject: 'Lunch' }));
    expect(compose.error?.code).toBe('offline');
    await compose.serverReached();
    expect(compose.error).toBeUndefined();
  });

  describe('after a send that had no answer', () => {
    beforeEach(async () => {
      await write('bob');
      service.failNext('send', { code: 'send-unconfirmed', message: 'It is not known yet.' });
      await compose.send();
      expect(compose.error?.code).toBe('send-unconfirmed');
    });

    it('closes when it turns out to have gone out', async () => {
      service.wentOut = true;
      await compose.serverReached();
      expect(sent).toHaveBeenCalledOnce();
      expect(compose.isOpen).toBe(false);
    });

    it('says that it did not, when it did not', async () => {
      await compose.serverReached();
      expect(compose.error?.message).toMatch(/did not go out/);
      expect(sent).not.toHaveBeenCalled();
    });

    it('keeps what was written since, as another message', async () => {
      service.wentOut = true;
      compose.text = 'At one?';
      await compose.serverReached();
      expect(sent).toHaveBeenCalledOnce();
      expect(compose.error?.code).toBe('send-went-out');
      expect(compose.text).toBe('At one?');
      await compose.close();
      expect(service.mail.filter(({ row }) => row.subject === 'Lunch')).toHaveLength(2);
    });

    it('asks again when the server could not be asked', async () => {
      service.wentOut = true;
      service.failNext('confirmSent', { code: 'offline', message: 'No connection.' });
      await compose.serverReached();
      expect(compose.isOpen).toBe(true);
      await compose.serverReached();
      expect(compose.isOpen).toBe(false);
    });
  });

  it('goes on with what it could not ask or keep when the connection is back', async () => {
    await write('');
    service.failNext('lookUp', { code: 'offline', message: 'No connection.' });
    compose.to.typing = 'bob';
    compose.to.commit();
    await vi.waitFor(() => expect(compose.troubled).toHaveLength(1));
    service.failNext('saveDraft', { code: 'offline', message: 'No connection.' });
    await compose.close();
    expect(compose.saved.kind).toBe('failed');
    await compose.serverReached();
    expect(compose.troubled).toEqual([]);
    expect(compose.saved.kind).toBe('saved');
  });

  it('goes on sending after the session that ended is open again', async () => {
    await write('bob');
    service.failNext('send', SESSION_OVER);
    await compose.send();
    expect(compose.hasText).toBe(true);
    await compose.sessionReturned();
    expect(sent).toHaveBeenCalledOnce();
  });

  it('saves after a pause in typing, each time as the same draft', async () => {
    await write('bob');
    await vi.advanceTimersByTimeAsync(2_100);
    expect(compose.saved.kind).toBe('saved');
    compose.text = 'At one?';
    await vi.advanceTimersByTimeAsync(2_100);
    expect(service.calls.filter((name) => name === 'saveDraft')).toHaveLength(2);
    expect(service.mail.filter(({ row }) => row.subject === 'Lunch')).toHaveLength(1);
  });

  it('says when the draft was changed elsewhere, until another is written', async () => {
    await write('bob');
    await vi.advanceTimersByTimeAsync(2_100);
    expect(compose.isApart).toBe(false);
    const save = service.saveDraft.bind(service);
    service.saveDraft = async (draft) => ({ ...(await save(draft)), id: 'f'.repeat(32) });
    compose.text = 'At one?';
    await vi.advanceTimersByTimeAsync(2_100);
    expect([compose.isApart, compose.saved.kind]).toEqual([true, 'saved']);
    await compose.open();
    expect(compose.isApart).toBe(false);
  });

  it('keeps the draft on closing', async () => {
    await write('bob');
    await expect(compose.close()).resolves.toBe(true);
    expect(kept).toHaveBeenCalledOnce();
    expect(service.mail.some(({ row }) => row.subject === 'Lunch')).toBe(true);
  });

  it('stays open when the draft cannot be kept', async () => {
    await write('bob');
    service.failNext('saveDraft', { code: 'offline', message: 'No connection.' });
    await expect(compose.close()).resolves.toBe(false);
    expect(compose.text).toBe('At noon?');
    expect(compose.saved.kind).toBe('failed');
  });

  it('saves again by itself after a failure', async () => {
    await write('bob');
    service.failNext('saveDraft', { code: 'offline', message: 'No connection.' });
    await vi.advanceTimersByTimeAsync(2_100);
    expect(compose.saved.kind).toBe('failed');
    await vi.advanceTimersByTimeAsync(15_100);
    expect(compose.saved.kind).toBe('saved');
  });

  it('names a draft before it is saved, and the same at each try', async () => {
    const ids: (string | undefined)[] = [];
    const save = service.saveDraft.bind(service);
    vi.spyOn(service, 'saveDraft').mockImplementation((draft) => {
      ids.push(draft.id);
      return save(draft);
    });
    await write('bob');
    service.failNext('saveDraft', { code: 'offline', message: 'No connection.' });
    await compose.close();
    await compose.close();
    expect(ids).toHaveLength(2);
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[1]).toBe(ids[0]);
  });

  it('goes on saying why it is not saved while the next try is under way', async () => {
    await write('bob');
    service.failNext('saveDraft', { code: 'offline', message: 'No connection.' });
    await compose.close();
    const save = service.saveDraft.bind(service);
    const told: (string | undefined)[] = [];
    vi.spyOn(service, 'saveDraft').mockImplementation((draft) => {
      told.push(compose.saveError?.message);
      return save(draft);
    });
    await compose.close();
    expect(told).toEqual(['No connection.']);
    expect(compose.saveError).toBeUndefined();
  });

  it('discards at the server what may be there, and nothing that was never saved', async () => {
    await write('bob');
    service.failNext('saveDraft', { code: 'offline', message: 'No connection.' });
    await compose.close();
    await compose.discard();
    expect(service.calls).toContain('delete');
    service.calls.length = 0;
    await write('bob');
    await compose.discard();
    expect(service.calls).toEqual([]);
  });

  it('closes without a draft when nothing was typed', async () => {
    await compose.open();
    await compose.close();
    expect(service.calls).not.toContain('saveDraft');
  });

  it('stops at a changed key until it is accepted', async () => {
    await write('carol');
    compose.to.commit();
    await vi.waitFor(() => expect(compose.troubled).toHaveLength(1));
    await compose.acceptKey('carol@localhost', 'A1B2');
    expect(compose.troubled).toHaveLength(0);
    await compose.send();
    expect(sent).toHaveBeenCalledOnce();
  });

  it('brings a discarded draft back, and keeps it anew', async () => {
    await write('bob');
    await vi.advanceTimersByTimeAsync(2_100);
    await compose.discard();
    discarded.mock.lastCall?.[0]();
    await vi.waitFor(() => expect(compose.isOpen).toBe(true));
    expect([compose.subject, compose.text, compose.to.typed]).toEqual(['Lunch', 'At noon?', ['bob']]);
    await vi.advanceTimersByTimeAsync(2_100);
    expect(service.mail.filter(({ row }) => row.subject === 'Lunch')).toHaveLength(1);
    await compose.open();
    await compose.discard();
    expect(discarded).toHaveBeenCalledOnce(); // there was nothing to bring back
  });

  it('throws a discarded draft away', async () => {
    await write('bob');
    await vi.advanceTimersByTimeAsync(2_100);
    await compose.discard();
    expect(service.mail.some(({ row }) => row.subject === 'Lunch')).toBe(false);
    expect(compose.isOpen).toBe(false);
  });
});
