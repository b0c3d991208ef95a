import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import { mailError } from '../../crypto/errors';
import { Transfers } from './transfers.svelte';

const saved = vi.hoisted(() => vi.fn<(content: unknown, name: string) => void>());
vi.mock('../../ui/save-file', () => ({ saveFile: saved }));

function made() {
  const service = new FakeClient({ delayMs: 0, resumes: true });
  const [changed, say] = [vi.fn(), vi.fn()];
  return { service, changed, say, transfers: new Transfers({ service, note: mailError, changed, say }) };
}

/** Holds what is under way until the function is called. */
function hold(service: FakeClient): () => void {
  let release: (() => void) | undefined;
  service.uploadGate = new Promise((resolve) => (release = resolve));
  return () => release?.();
}

const FILES = [new File(['From a'], 'a.mbox'), new File(['From: b'], 'b.eml')];

describe('Transfers', () => {
  afterEach(() => {
    saved.mockReset();
    vi.unstubAllGlobals();
  });

  it('takes files in, tells how far it is, and what came of it', async () => {
    const { service, changed, transfers } = made();
    const open = hold(service);
    transfers.ask({ kind: 'import' });
    const done = transfers.import(FILES, 'folder-archive', true);
    expect(transfers.dialog).toBeUndefined();
    await vi.waitFor(() => {
      expect(transfers.incoming).toMatchObject({ kind: 'running', progress: { imported: 2 } });
    });
    // Only one at a time.
    await transfers.import(FILES, 'folder-inbox', false);
    expect(service.imports).toEqual([{ folderId: 'folder-archive', gmailLabels: true }]);
    transfers.dismissImport();
    expect(transfers.isImporting).toBe(true);
    open();
    await done;
    expect(transfers.incoming).toMatchObject({ kind: 'ended', files: ['a.mbox', 'b.eml'] });
    expect(changed).toHaveBeenCalled();
    transfers.dismissImport();
    expect(transfers.incoming).toBeUndefined();
  });

  it('ends what is cancelled, and says why what fails has failed', async () => {
    const { service, transfers } = made();
    const open = hold(service);
    const done = transfers.import(FILES, 'folder-archive', false);
    transfers.cancelImport();
    await vi.waitFor(() => expect(service.cancelled.size).toBe(1));
    open();
    await done;
    expect(transfers.incoming).toMatchObject({ kind: 'ended', outcome: { stopped: { code: 'cancelled' } } });
    service.failNext('importMail', { code: 'folder-gone', message: 'It is gone.' });
    await transfers.import(FILES, 'folder-archive', false);
    expect(transfers.incoming).toMatchObject({ kind: 'failed', error: { code: 'folder-gone' } });
  });

  it('saves what was collected, under the name of what it is', async () => {
    const { transfers } = made();
    await transfers.export('folder-inbox', 'mbox', 'Inbox');
    expect(transfers.outgoing).toMatchObject({ kind: 'ended' });
    expect(saved).toHaveBeenCalledExactlyOnceWith(expect.any(Blob), 'Inbox.mbox');
  });

  it('writes into the file that was chosen, and does nothing when none was', async () => {
    const { service, transfers } = made();
    const choose = vi.fn(() => Promise.reject(new DOMException('nothing chosen', 'AbortError')));
    vi.stubGlobal('showSaveFilePicker', choose);
    await transfers.export(undefined, 'zip', 'mail');
    expect(service.calls).not.toContain('exportMail');
    expect(choose).toHaveBeenCalledExactlyOnceWith({ suggestedName: 'mail.zip' });
    vi.stubGlobal('showSaveFilePicker', () => Promise.resolve({ kind: 'file' }));
    await transfers.export(undefined, 'zip', 'mail');
    expect(transfers.outgoing).toMatchObject({ kind: 'ended', outcome: { file: undefined } });
    expect(saved).not.toHaveBeenCalled();
  });

  it('forgets an export that was cancelled', async () => {
    const { service, transfers } = made();
    const open = hold(service);
    const done = transfers.export(undefined, 'mbox', 'mail');
    await vi.waitFor(() => expect(service.calls).toContain('exportMail'));
    transfers.cancelExport();
    await vi.waitFor(() => expect(service.cancelled.size).toBe(1));
    open();
    await done;
    expect(transfers.outgoing).toBeUndefined();
  });

  it('saves one message under its subject', async () => {
    const { service, say, transfers } = made();
    await transfers.saveMessage('item', 'Dinner / tonight?');
    expect(saved).toHaveBeenCalledExactlyOnceWith(expect.any(Blob), 'Dinner tonight.eml');
    service.failNext('exportMessage', { code: 'attachment-gone', message: 'It is gone.' });
    await transfers.saveMessage('item', 'Dinner');
    expect(say).toHaveBeenLastCalledWith('It is gone.');
    expect(saved).toHaveBeenCalledOnce();
  });
});
