import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import { mailError } from '../../crypto/errors';
import type { IndexProgress } from '../../crypto/views';
import { Search } from './search.svelte';

function progress(indexed: number, total: number): IndexProgress {
  return { indexed, total, done: indexed === total, damaged: 0, unsaved: undefined };
}

describe('Search', () => {
  let service: FakeClient;
  let search: Search;
  let word: string;

  beforeEach(() => {
    service = new FakeClient({ delayMs: 0 });
    search = new Search(service, mailError);
    word = service.mail[0]?.row.subject.split(' ')[0] ?? '';
  });

  const searches = () => service.calls.filter((name) => name === 'search').length;

  it('finds and remembers what was looked for', async () => {
    await search.submit(word);
    expect(search.phase.kind).toBe('found');
    expect(search.results?.hits.length).toBeGreaterThan(0);
    const id = search.results?.hits[0]?.row.id ?? '';
    expect(search.find(id)?.id).toBe(id);
    await search.submit('other');
    await search.submit(word);
    expect(search.recent).toEqual([word, 'other']);
  });

  it('searches once the person pauses', async () => {
    vi.useFakeTimers();
    for (const text of ['f', 'fe', 'fer']) search.type(text);
    expect(searches()).toBe(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(searches()).toBe(1);
    expect(search.recent).toEqual([]);
    vi.useRealTimers();
  });

  it('shows the results of the last search alone', async () => {
    const slow = search.submit(word);
    search.text = '';
    await search.run();
    await slow;
    expect(search.phase.kind).toBe('blank');
    expect(search.results).toBeUndefined();
  });

  it('takes a filter out of the text', async () => {
    await search.submit(`from:bob ${word} in:inbox`);
    const [from] = search.results?.filters ?? [];
    expect(from?.text).toBe('from:bob');
    if (from) await search.removeFilter(from);
    expect(search.text).toBe(`${word} in:inbox`);
  });

  it('says what went wrong', async () => {
    service.failNext('search', { code: 'offline', message: 'No connection.' });
    await search.submit(word);
    expect(search.phase).toMatchObject({ kind: 'failed', error: { code: 'offline' } });
    await search.submit('bad:one');
    expect(search.results?.problem?.end).toBe(7);
    expect(search.isKeepable).toBe(false);
  });

  it('keeps searches under names', async () => {
    await search.submit(word);
    expect(search.isKeepable).toBe(true);
    expect(await search.save('Mine')).toBeUndefined();
    expect(search.saved).toMatchObject([{ name: 'Mine', query: word }]);
    service.failNext('saveSearch', { code: 'search-unnamed', message: 'Give it a name.', field: 'name' });
    expect(await search.save('')).toMatchObject({ code: 'search-unnamed' });
    const [mine] = search.saved;
    if (mine) await search.drop(mine);
    expect(search.saved).toEqual([]);
  });

  it('looks again as the index grows, while nothing was found', async () => {
    await search.submit('no such word');
    search.take(progress(1, 3));
    search.take(progress(2, 3));
    await search.run();
    expect(searches()).toBe(4);
    // Whatever was found: with the last message there may be more.
    await search.submit(word);
    search.take(progress(3, 3));
    search.take(progress(3, 3));
    expect(searches()).toBe(6);
    await search.pause(true);
    expect(service.indexingPaused).toBe(true);
  });

  it('forgets everything on logging out', async () => {
    await search.submit(word);
    await search.save('Mine');
    search.clear();
    expect([search.text, search.results, search.recent, search.saved]).toEqual(['', undefined, [], []]);
  });
});
