import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangeFeed } from './change-feed';

class FakeEventSource extends EventTarget {
  static made: FakeEventSource[] = [];
  readonly close = vi.fn();

  constructor(readonly url: string) {
    super();
    FakeEventSource.made.push(this);
  }

  say(type: string): void {
    this.dispatchEvent(new Event(type));
  }
}

function latest(): FakeEventSource {
  const source = FakeEventSource.made.at(-1);
  if (!source) throw new Error('nothing was connected');
  return source;
}

describe('ChangeFeed', () => {
  const listener = { changed: vi.fn(), lost: vi.fn() };
  let feed: ChangeFeed;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.clearAllMocks();
    FakeEventSource.made = [];
    vi.stubGlobal('EventSource', FakeEventSource);
    feed = new ChangeFeed('0a1b', listener);
  });
  afterEach(() => {
    feed.end();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('listens for its account', () => {
    expect(latest().url).toBe('/api/v1/events?account=0a1b');
  });

  it('tells of a change, and asks to catch up when it is connected', () => {
    latest().say('open');
    latest().say('change');
    expect(listener.changed).toHaveBeenCalledTimes(2);
  });

  it('connects again, after ever longer waits', () => {
    latest().say('error');
    vi.advanceTimersByTime(1_000);
    expect(FakeEventSource.made).toHaveLength(2);
    latest().say('error');
    vi.advanceTimersByTime(1_000);
    expect(FakeEventSource.made).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(FakeEventSource.made).toHaveLength(3);
    expect(listener.lost).toHaveBeenCalledTimes(2);
  });

  it('connects at once when it is told to hurry', () => {
    latest().say('error');
    feed.hurry();
    expect(FakeEventSource.made).toHaveLength(2);
    feed.hurry();
    expect(FakeEventSource.made).toHaveLength(2);
  });

  it('is lost when the session that it was opened in has ended, and connects again', () => {
    latest().say('session-ended');
    vi.advanceTimersByTime(1_000);
    expect(listener.lost).toHaveBeenCalledOnce();
    expect(FakeEventSource.made).toHaveLength(2);
  });

  it('stays away once it is ended', () => {
    latest().say('error');
    feed.end();
    vi.advanceTimersByTime(60_000);
    expect(FakeEventSource.made).toHaveLength(1);
  });
});
