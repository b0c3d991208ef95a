import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import { mailError } from '../../crypto/errors';
import { AttachmentList } from './attachments.svelte';
import { Compose } from './compose.svelte';

const file = (name: string, octets = 10) => new File([new Uint8Array(octets)], name, { type: 'text/plain' });

describe('AttachmentList', () => {
  let service: FakeClient;
  let attachments: AttachmentList;
  const changed = vi.fn();

  beforeEach(() => {
    vi.clearAllMocks();
    service = new FakeClient({ delayMs: 0 });
    attachments = new AttachmentList(service, mailError, changed);
  });

  it('uploads one after the other and tells of progress', async () => {
    let open = () => {};
    service.uploadGate = new Promise((resolve) => (open = resolve));
    attachments.add([file('a.txt'), file('b.txt')]);
    await vi.waitFor(() =>
      expect(attachments.list.map(({ stand }) => stand)).toEqual([
        { kind: 'uploading', doneBytes: 5, offline: false },
        { kind: 'waiting' },
      ]),
    );
    expect(attachments.attached).toEqual([]);
    open();
    await attachments.settled();
    expect(attachments.attached.map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
    expect(attachments.isUploading).toBe(false);
  });

  it('cancels what is on its way and gives up what is there', async () => {
    let open = () => {};
    service.uploadGate = new Promise((resolve) => (open = resolve));
    attachments.add([file('a.txt')]);
    const [first] = attachments.list;
    await vi.waitFor(() => expect(first?.stand.kind).toBe('uploading'));
    if (first) attachments.remove(first);
    await vi.waitFor(() => expect(service.cancelled.has(first?.id ?? '')).toBe(true));
    open();
    await attachments.settled();
    expect(attachments.list).toEqual([]);

    attachments.add([file('b.txt')]);
    await attachments.settled();
    const [second] = attachments.list;
    if (second) attachments.remove(second);
    await vi.waitFor(() => expect(service.detached.map(({ name }) => name)).toEqual(['b.txt']));
  });

  it('says why a file failed, goes on with the others, and tries again', async () => {
    service.failNext('attach', { code: 'attachment-too-large', message: 'Too large.' });
    attachments.add([file('a.txt'), file('b.txt')]);
    await attachments.settled();
    expect(attachments.hasFailed).toBe(true);
    expect(attachments.attached.map(({ name }) => name)).toEqual(['b.txt']);
    attachments.retryInterrupted();
    expect(attachments.hasFailed).toBe(true);
    const [failed] = attachments.list;
    if (failed) attachments.retry(failed);
    await attachments.settled();
    expect(attachments.attached.map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
  });

  it('keeps what a draft has, and gives none of it up', async () => {
    const kept = { name: 'k', mediaType: 'a/b', sizeBytes: 1, handle: 'h' };
    attachments.set([kept]);
    expect(attachments.attached).toEqual([kept]);
    const [row] = attachments.list;
    if (row) attachments.remove(row);
    await attachments.settled();
    expect(service.detached).toEqual([]);
    expect(changed).toHaveBeenCalledOnce();
  });
});

describe('Compose with files', () => {
  let service: FakeClient;
  let compose: Compose;
  const sent = vi.fn();
  const discarded = vi.fn<(bringBack: () => void) => void>();

  beforeEach(async () => {
    vi.clearAllMocks();
    service = new FakeClient({ delayMs: 0 });
    compose = new Compose(service, {
      note: mailError,
      sent,
      kept: vi.fn(),
      saved: vi.fn(),
      discarded,
      waits: vi.fn(),
      signature: () => undefined,
      undoMs: () => 0,
    });
    await compose.open();
    compose.to.typing = 'bob';
    compose.text = 'It is attached.';
  });
  afterEach(() => vi.useRealTimers());

  it('asks before it sends a text that speaks of a file without one, and then sends it', async () => {
    await compose.send();
    expect([compose.forgotten, sent.mock.calls.length]).toEqual(['attached', 0]);
    await compose.send(true);
    expect(sent).toHaveBeenCalledOnce();
  });

  it('waits for files that are on their way and sends them', async () => {
    let open = () => {};
    service.uploadGate = new Promise((resolve) => (open = resolve));
    compose.attachments.add([file('a.txt')]);
    const sending = compose.send();
    await vi.waitFor(() => expect(compose.phase).toEqual({ kind: 'sending', step: 'uploading' }));
    expect(compose.hasUnsavedText).toBe(true);
    open();
    await sending;
    expect(service.lastDraft?.attachments?.map(({ name }) => name)).toEqual(['a.txt']);
    expect(compose.attachments.list).toEqual([]);
  });

  it('does not wait for a connection when it is to be closed', async () => {
    let open = () => {};
    service.uploadGate = new Promise((resolve) => (open = resolve));
    service.lineIsCut = true;
    compose.attachments.add([file('a.txt')]);
    await vi.waitFor(() => expect(compose.attachments.isCutOff).toBe(true));
    expect(await compose.close()).toBe(false);
    expect(compose.error?.message).toContain('on their way');
    open();
    await compose.attachments.settled();
    expect(await compose.close()).toBe(true);
  });

  it('does not send while a file has failed', async () => {
    service.failNext('attach', { code: 'file-unreadable', message: 'Not read.' });
    compose.attachments.add([file('a.txt')]);
    await compose.send();
    expect([compose.phase.kind, sent.mock.calls.length]).toEqual(['writing', 0]);
    expect(compose.error?.message).toContain('not attached');
  });

  it('sends a picture that the text does not show as a file', () => {
    const passedOn = (name: string, contentId: string) => ({
      name,
      contentId,
      mediaType: 'image/png',
      sizeBytes: 1,
      handle: name,
    });
    compose.attachments.set([passedOn('seen.png', 'a'), passedOn('unseen.png', 'b')]);
    compose.attachments.fileUnseen(['a']);
    compose.begin({ text: '', html: '<img src="cid:a">', contentIds: ['a'] });
    expect(compose.attachments.attached.map(({ name, contentId }) => [name, contentId])).toEqual([
      ['seen.png', 'a'],
      ['unseen.png', undefined],
    ]);
  });

  it('keeps the files of a discarded draft until it cannot be brought back', async () => {
    compose.attachments.add([file('a.txt')]);
    await compose.attachments.settled();
    await compose.close();
    const kept = service.lastDraft;
    if (!kept) throw new Error('nothing was kept');
    const { id } = kept;
    await compose.open({ ...kept, id: service.idOf('drafts', 0), version: 1 });
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const discarding = compose.discard();
    await vi.waitFor(() => expect(discarded).toHaveBeenCalledOnce());
    discarded.mock.calls[0]?.[0]();
    await vi.advanceTimersByTimeAsync(7_000);
    await discarding;
    expect(service.calls).not.toContain('delete');
    expect(compose.attachments.attached.map(({ name }) => name)).toEqual(['a.txt']);
    expect(id).toBeDefined();

    const again = compose.discard();
    await vi.advanceTimersByTimeAsync(7_000);
    await again;
    expect(service.calls).toContain('delete');
  });
});
