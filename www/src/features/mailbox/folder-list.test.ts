import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { seededMail } from '../../../test/fake-mail';
import { MailError } from '../../crypto/errors';
import type { ListRange, MessageRow } from '../../crypto/views';
import { FolderList, type FetchRange } from './folder-list.svelte';

const [EXAMPLE] = seededMail(0);

function row(id: string, folderId = 'inbox'): MessageRow {
  if (!EXAMPLE) throw new Error('there is no example');
  return { ...EXAMPLE.row, id, folderId };
}

/** A folder as the worker has it. */
class Source {
  ids: string[];
  version = 1;
  readonly fetch = vi.fn<FetchRange>((_, start, end, anchor) => {
    const at = this.ids.indexOf(anchor ?? '');
    const range: ListRange = {
      version: this.version,
      count: this.ids.length,
      messages: this.ids.length,
      start,
      rows: this.ids.slice(start, end).map((id) => row(id)),
      anchor: at < 0 ? undefined : at,
      whole: true,
    };
    return Promise.resolve(range);
  });

  constructor(...ids: string[]) {
    this.ids = ids;
  }

  set(...ids: string[]): void {
    this.ids = ids;
    this.version += 1;
  }

  async list(): Promise<FolderList> {
    const list = new FolderList(PLACE, this.fetch);
    await list.load();
    return list;
  }
}

const PLACE = { kind: 'folder', id: 'inbox' } as const;
const SPEC = { place: PLACE, sort: 'newest', filter: 'all', single: false } as const;

const many = (count: number) => Array.from({ length: count }, (_, at) => `m${at}`);
const ids = (list: FolderList) => list.rows.map(({ id }) => id);

describe('FolderList', () => {
  it('knows all that pass its filter, also what is not here', async () => {
    const source = new Source(...many(1_200));
    const list = await source.list();
    await list.choose({ filter: 'unread' });
    expect(await list.allIds()).toEqual(many(1_200));
    expect(source.fetch.mock.lastCall?.[0].filter).toBe('unread');
  });

  it('knows how long it is, and fetches what is looked at', async () => {
    const source = new Source(...many(1_000));
    const list = await source.list();
    expect(list.count).toBe(1_000);
    expect(list.row(900)).toBeUndefined();
    list.see(900, 910);
    await vi.waitFor(() => expect(list.row(900)?.id).toBe('m900'));
    expect(list.rows.length).toBeLessThan(200);
    source.fetch.mockClear();
    list.see(905, 915);
    expect(source.fetch).not.toHaveBeenCalled();
  });

  it('keeps what is seen in its place when rows come above it', async () => {
    const source = new Source(...many(300));
    const list = await source.list();
    list.onshift = vi.fn();
    list.see(60, 70);
    source.set('new', ...many(300));
    await list.refresh();
    expect(list.onshift).toHaveBeenCalledWith(1);
    expect(list.row(61)?.id).toBe('m60');
  });

  it('shows what is new when it is looked at from its top', async () => {
    const source = new Source('a', 'b');
    const list = await source.list();
    list.onshift = vi.fn();
    source.set('new', 'a', 'b');
    await list.refresh();
    expect(ids(list)).toEqual(['new', 'a', 'b']);
    expect(list.onshift).not.toHaveBeenCalled();
  });

  describe('under a pointer', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('puts nothing new in the place of a row that is about to be pressed', async () => {
      const source = new Source('a', 'b');
      const list = await source.list();
      list.keepStill(300);
      source.set('new', 'a', 'b');
      await list.refresh();
      expect(ids(list)).toEqual(['a', 'b']);
      // It moves on.
      await vi.advanceTimersByTimeAsync(200);
      list.keepStill(300);
      await vi.advanceTimersByTimeAsync(299);
      expect(ids(list)).toEqual(['a', 'b']);
      await vi.advanceTimersByTimeAsync(1);
      expect(ids(list)).toEqual(['new', 'a', 'b']);
    });

    it('shows what is new after three seconds at the latest', async () => {
      const source = new Source('a');
      const list = await source.list();
      list.keepStill(10_000);
      source.set('new', 'a');
      await list.refresh();
      await vi.advanceTimersByTimeAsync(2_999);
      expect(ids(list)).toEqual(['a']);
      await vi.advanceTimersByTimeAsync(1);
      expect(ids(list)).toEqual(['new', 'a']);
      // What comes after that waits for as long again.
      source.set('newer', 'new', 'a');
      await list.refresh();
      expect(ids(list)).toEqual(['new', 'a']);
    });

    it('shows at once what moves no row that is seen', async () => {
      const source = new Source(...many(300));
      const list = await source.list();
      list.see(60, 70);
      list.keepStill(300);
      source.set('new', ...many(300));
      await list.refresh();
      expect(list.row(61)?.id).toBe('m60');
      source.set(...many(300));
      await list.refresh();
      expect(list.row(60)?.id).toBe('m60');
    });

    it('lets rows go at once, and a row that another message joins stay', async () => {
      const source = new Source('a', 'b', 'c');
      const list = await source.list();
      list.keepStill(300);
      source.set('b', 'c');
      await list.refresh();
      expect(ids(list)).toEqual(['b', 'c']);
      const conversation = { ids: ['reply', 'b'], count: 2, unread: 0, people: [] };
      source.set('reply', 'c');
      const range = await source.fetch(SPEC, 0, 50, undefined);
      const rows = range.rows.map((row) => (row.id === 'reply' ? { ...row, conversation } : row));
      source.fetch.mockResolvedValueOnce({ ...range, rows });
      await list.refresh();
      expect(ids(list)).toEqual(['reply', 'c']);
    });
  });

  it('asks for another order or filter from the beginning', async () => {
    const source = new Source(...many(300));
    const list = await source.list();
    list.see(200, 210);
    await list.choose({ sort: 'sender', filter: 'unread' });
    expect(source.fetch.mock.lastCall?.slice(0, 2)).toEqual([
      { place: { kind: 'folder', id: 'inbox' }, sort: 'sender', filter: 'unread', single: false },
      0,
    ]);
    expect(list.topPx).toBe(0);
  });

  it('does not show an answer that was asked for before the choice', async () => {
    const source = new Source('a');
    const list = await source.list();
    let answer: (range: ListRange) => void = () => undefined;
    source.fetch.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    void list.refresh();
    const chosen = list.choose({ filter: 'unread' });
    source.set('b');
    answer({ version: 1, count: 1, messages: 1, start: 0, rows: [row('a')], anchor: undefined, whole: true });
    await chosen;
    expect(ids(list)).toEqual(['b']);
  });

  it('takes a row away at once, and puts a changed one in its place', async () => {
    const list = await new Source('a', 'b', 'c').list();
    list.remove('b');
    expect([ids(list), list.count]).toEqual([['a', 'c'], 2]);
    list.put({ ...row('c'), starred: true });
    expect(list.find('c')?.starred).toBe(true);
    list.put(row('c', 'archive'));
    expect(ids(list)).toEqual(['a']);
  });

  it('knows a row by any message of its conversation, and changes it as a whole alone', async () => {
    const list = await new Source('a').list();
    const conversation = { ids: ['a', 'older'], count: 2, unread: 0, people: [] };
    list.put({ ...row('a'), conversation });
    expect(list.find('older')?.id).toBe('a');
    expect(list.messagesOf('a')).toEqual(['a', 'older']);
    list.put(row('older', 'archive'));
    list.remove('older');
    expect(ids(list)).toEqual(['a']);
    list.put({ ...row('a', 'archive'), conversation });
    expect(ids(list)).toEqual([]);
  });

  it('knows what a row stands for that was seen before', async () => {
    const source = new Source(...many(1_000));
    const conversation = { ids: ['m0', 'older'], count: 2, unread: 0, people: [] };
    const fetch: FetchRange = async (...asked) => {
      const range = await source.fetch(...asked);
      const rows = range.rows.map((row) => (row.id === 'm0' ? { ...row, conversation } : row));
      return { ...range, version: asked[1], rows };
    };
    const list = new FolderList({ kind: 'folder', id: 'inbox' }, fetch);
    await list.load();
    list.see(900, 910);
    await vi.waitFor(() => expect(list.row(900)).toBeDefined());
    expect(list.find('m0')).toBeUndefined();
    expect(list.messagesOf('m0')).toEqual(['m0', 'older']);
  });

  it('keeps what it has when it cannot be brought up to date', async () => {
    const source = new Source('a');
    const list = await source.list();
    const error = new MailError({ code: 'offline', message: 'No connection.' });
    source.fetch.mockRejectedValueOnce(error);
    await list.refresh();
    expect(ids(list)).toEqual(['a']);
    expect(list.phase).toEqual({ kind: 'failed', error });
  });
});
