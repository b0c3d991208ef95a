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
  readonly arrivals = new Map<string, number>();
  readonly fetch = vi.fn<FetchRange>((_, start, end, anchor) => {
    const at = this.ids.indexOf(anchor ?? '');
    const range: ListRange = {
      version: this.version,
      count: this.ids.length,
      messages: this.ids.length,
      start,
      rows: this.ids.slice(start, end).map((id) => ({ ...row(id), arrivalMs: this.arrivals.get(id) ?? 0 })),
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

    const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

    /** A list of these rows, over which a pointer has moved before another came. */
    async function aimedAt(...shown: string[]) {
      const source = new Source(...shown);
      const list = await source.list();
      list.aim.follow(false);
      source.set('new', ...shown);
      await list.catchUp();
      return { source, list };
    }

    it('puts nothing new in the place of a row that is about to be pressed', async () => {
      const { list } = await aimedAt('a', 'b');
      expect(ids(list)).toEqual(['a', 'b']);
      await pass(900);
      list.aim.follow(false);
      await pass(999);
      expect(ids(list)).toEqual(['a', 'b']);
      await pass(1);
      expect(ids(list)).toEqual(['new', 'a', 'b']);
    });

    it('shows what is new after three seconds at the latest, unless a press has begun', async () => {
      const { source, list } = await aimedAt('a');
      const moveFor = async (ms: number) => {
        for (let at = 0; at < ms; at += 100) {
          list.aim.follow(false);
          await pass(100);
        }
      };
      await moveFor(2_900);
      expect(ids(list)).toEqual(['a']);
      await moveFor(100);
      expect(ids(list)).toEqual(['new', 'a']);
      // What comes after that waits for as long again.
      source.set('newer', 'new', 'a');
      await list.catchUp();
      await moveFor(2_900);
      list.aim.follow(true);
      await pass(200);
      expect(ids(list)).toEqual(['new', 'a']);
      list.aim.follow(false);
      await pass(0);
      expect(ids(list)).toEqual(['newer', 'new', 'a']);
    });

    it('shows what is new though a press does not end', async () => {
      const { list } = await aimedAt('a');
      list.aim.follow(true);
      await pass(1_999);
      expect(ids(list)).toEqual(['a']);
      await pass(1);
      expect(ids(list)).toEqual(['new', 'a']);
    });

    it('knows of what waits that it has come', async () => {
      const { source, list } = await aimedAt('a');
      source.arrivals.set('newer', 5);
      source.set('newer', 'a');
      await list.catchUp();
      expect(ids(list)).toEqual(['a']);
      expect(list.newestMs).toBe(5);
    });

    it('shows at once what was asked for here, also while something waits', async () => {
      const { list } = await aimedAt('a', 'b');
      await list.refresh();
      expect(ids(list)).toEqual(['new', 'a', 'b']);
      await pass(10_000);
      expect(vi.getTimerCount()).toBe(0);
    });

    it('shows at once what moves no row that is seen, and rows that are missing', async () => {
      const source = new Source(...many(300));
      const list = await source.list();
      list.see(60, 70);
      list.aim.follow(false);
      source.set('new', ...many(300));
      await list.catchUp();
      expect(list.row(61)?.id).toBe('m60');
      list.see(95, 115);
      source.set('m0', 'between', ...many(300).slice(1));
      await list.catchUp();
      expect(list.row(111)).toBeDefined();
    });

    it('lets rows go at once', async () => {
      const source = new Source('a', 'b', 'c');
      const list = await source.list();
      list.aim.follow(false);
      source.set('b', 'c');
      await list.catchUp();
      expect(ids(list)).toEqual(['b', 'c']);
    });
  });

  it('asks for another order or filter from the beginning', async () => {
    const source = new Source(...many(300));
    const list = await source.list();
    list.see(200, 210);
    await list.choose({ sort: 'sender', filter: 'unread' });
    expect(source.fetch.mock.lastCall?.slice(0, 2)).toEqual([
      { place: PLACE, sort: 'sender', filter: 'unread', single: false },
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
    const list = new FolderList(PLACE, fetch);
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
