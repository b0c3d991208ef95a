import { describe, expect, it, vi } from 'vitest';
import { MailError } from './errors';
import { exportMail, failureList, type ExportClient } from './mail-export';
import type { ExportItem } from './views';

const item = (id: string, name: string, folder = 'Inbox'): ExportItem => ({
  id,
  folder,
  name,
  subject: `subject ${id}`,
  cameMs: 1_700_000_000_000,
});

/** A client whose messages are their ids, in two pieces; those that begin with x do not open. */
function client(items: ExportItem[]): ExportClient {
  return {
    exportPlan: () => Promise.resolve({ items, drafts: 1 }),
    exportMessage: (id, form, _watch, take) => {
      const encode = (text: string) => new TextEncoder().encode(text);
      take(encode(`${form} `));
      if (id.startsWith('x')) {
        return Promise.reject(new MailError({ code: 'blob-altered', message: 'It was altered.' }));
      }
      take(encode(`${id}\n`));
      return Promise.resolve();
    },
  };
}

const watch = () => ({ tell: vi.fn(), goesOn: () => true });
const request = { folderId: undefined, target: undefined };

describe('exportMail', () => {
  it('puts messages into one file, without any of what does not open', async () => {
    const told = watch();
    const items = [item('1', 'a'), item('x2', 'b'), item('3', 'c')];
    const outcome = await exportMail(client(items), { ...request, form: 'mbox' }, told);
    expect(await outcome.file?.text()).toBe('mbox 1\nmbox 3\n');
    expect(outcome).toMatchObject({ done: 2, drafts: 1, failed: [{ reason: 'It was altered.' }] });
    expect(told.tell).toHaveBeenLastCalledWith({ done: 3, total: 3, bytes: 14, waiting: false });
    expect(failureList(outcome.failed)).toBe(
      '2023-11-14T22:13:20.000Z\tInbox\tsubject x2\tIt was altered.\r\n',
    );
  });

  it('zips messages under names of their own, with a list of those that do not open', async () => {
    const items = [item('1', 'a'), item('2', 'A'), item('x3', 'c'), item('4', 'a', 'Sent')];
    const outcome = await exportMail(client(items), { ...request, form: 'zip' }, watch());
    const text = (await outcome.file?.text()) ?? '';
    for (const name of ['Inbox/a.eml', 'Inbox/A (2).eml', 'Sent/a.eml', 'errors.txt']) {
      expect(text).toContain(name);
    }
    expect(text.startsWith('PK')).toBe(true);
    expect(text).not.toContain('Inbox/c.eml');
  });

  it('waits for a server that cannot be reached', async () => {
    vi.useFakeTimers();
    const told = watch();
    const flaky = client([item('1', 'a')]);
    const { exportMessage } = flaky;
    let isCut = true;
    flaky.exportMessage = (...args) => {
      if (!isCut) return exportMessage(...args);
      isCut = false;
      return Promise.reject(new MailError({ code: 'offline', message: 'No answer.' }));
    };
    const done = exportMail(flaky, { ...request, form: 'mbox' }, told);
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await done).done).toBe(1);
    expect(told.tell).toHaveBeenCalledWith(expect.objectContaining({ waiting: true }));
    vi.useRealTimers();
  });

  it('writes to the file as it comes, and leaves nothing of one that is cancelled', async () => {
    const stream = {
      write: vi.fn<(part: Blob) => Promise<void>>(() => Promise.resolve()),
      close: vi.fn(() => Promise.resolve()),
      abort: vi.fn(() => Promise.resolve()),
    };
    const target = { createWritable: () => Promise.resolve(stream) } as unknown as FileSystemFileHandle;
    const items = [item('1', 'a'), item('2', 'b')];
    const whole = await exportMail(client(items), { ...request, form: 'mbox', target }, watch());
    expect(whole.file).toBeUndefined();
    expect(stream.write).toHaveBeenCalledTimes(2);
    expect(stream.close).toHaveBeenCalledOnce();
    const cancelled = exportMail(
      client(items),
      { ...request, form: 'mbox', target },
      { tell: vi.fn(), goesOn: () => false },
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(stream.abort).toHaveBeenCalledOnce();
    stream.write.mockRejectedValueOnce(new DOMException('no room', 'QuotaExceededError'));
    const full = exportMail(client(items), { ...request, form: 'mbox', target }, watch());
    await expect(full).rejects.toMatchObject({ code: 'file-not-written' });
  });
});
