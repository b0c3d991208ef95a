import { describe, expect, it, vi } from 'vitest';
import { seededMail } from '../../../test/fake-mail';
import { MailError } from '../../crypto/errors';
import type { MessagePage, MessageRow } from '../../crypto/views';
import { FolderList } from './folder-list.svelte';

const [EXAMPLE] = seededMail(0);

function row(id: string, arrivalMs: number, folderId = 'inbox'): MessageRow {
  if (!EXAMPLE) throw new Error('there is no example');
  return { ...EXAMPLE.row, id, arrivalMs, folderId };
}

function page(rows: MessageRow[], next?: string): MessagePage {
  return { rows, next, total: rows.length };
}

async function loaded(...pages: MessagePage[]): Promise<FolderList> {
  const fetch = vi.fn(() => Promise.resolve(pages.shift() ?? page([])));
  const list = new FolderList('inbox', fetch);
  await list.load();
  return list;
}

const ids = (list: FolderList) => list.rows.map(({ id }) => id);

describe('FolderList', () => {
  it('shows the latest arrival first', async () => {
    expect(ids(await loaded(page([row('a', 1), row('b', 3), row('c', 2)])))).toEqual(['b', 'c', 'a']);
  });

  it('adds the next page below', async () => {
    const list = await loaded(page([row('c', 3), row('b', 2)], 'cursor'), page([row('a', 1)]));
    expect(list.hasMore).toBe(true);
    await list.loadMore();
    expect(ids(list)).toEqual(['c', 'b', 'a']);
    expect(list.hasMore).toBe(false);
  });

  it('takes a new row to its place, and a changed one without doubling it', async () => {
    const list = await loaded(page([row('a', 1)]));
    list.put(row('b', 2));
    list.put({ ...row('b', 2), unread: false });
    expect(ids(list)).toEqual(['b', 'a']);
  });

  it('leaves a row that is older than what is loaded to its page', async () => {
    const list = await loaded(page([row('b', 5)], 'cursor'));
    list.put(row('a', 1));
    expect(ids(list)).toEqual(['b']);
  });

  it('lets go of a row that moved away', async () => {
    const list = await loaded(page([row('a', 1), row('b', 2)]));
    list.put(row('b', 2, 'archive'));
    expect(ids(list)).toEqual(['a']);
  });

  it('keeps what it has when a later page fails', async () => {
    const error = new MailError({ code: 'offline', message: 'No connection.' });
    const fetch = vi.fn<() => Promise<MessagePage>>();
    fetch.mockResolvedValueOnce(page([row('a', 1)], 'cursor')).mockRejectedValueOnce(error);
    const list = new FolderList('inbox', fetch);
    await list.load();
    await list.loadMore();
    expect(ids(list)).toEqual(['a']);
    expect(list.phase).toEqual({ kind: 'failed', error });
  });
});
