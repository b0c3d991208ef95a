const EVENTS = '/api/v1/events';
/** Waits between attempts to connect, in milliseconds: the first, and the longest. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;

/** What the feed tells. */
export interface FeedListener {
  /** Something changed, or may have: the feed has just been connected. */
  changed(): void;
  /**
   * The feed was lost, or the session that it was opened in has ended; it is being connected again. A request tells
   * which: this client may have a newer session, as after its password was confirmed.
   */
  lost(): void;
}

/**
 * The server's word, as server-sent events, that something changed. Connects again by itself, also where a browser's
 * own `EventSource` gives up: after an answer that is no stream of events.
 */
export class ChangeFeed {
  readonly #url: string;
  readonly #listener: FeedListener;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitMs = FIRST_WAIT_MS;
  #ended = false;

  /** Listens for this account alone, whoever the browser's cookie is of by now. */
  constructor(accountId: string, listener: FeedListener) {
    this.#url = `${EVENTS}?account=${accountId}`;
    this.#listener = listener;
    this.#connect();
  }

  /** Connects at once when the feed is waiting to, as when the network is back. */
  hurry(): void {
    if (this.#timer === undefined) return;
    this.#waitMs = FIRST_WAIT_MS;
    this.#connect();
  }

  end(): void {
    this.#ended = true;
    this.#disconnect();
  }

  #connect(): void {
    this.#disconnect();
    const source = new EventSource(this.#url);
    source.addEventListener('open', () => {
      this.#waitMs = FIRST_WAIT_MS;
      this.#listener.changed();
    });
    source.addEventListener('change', () => this.#listener.changed());
    source.addEventListener('session-ended', () => this.#lost());
    source.addEventListener('error', () => this.#lost());
    this.#source = source;
  }

  #lost(): void {
    this.#disconnect();
    if (this.#ended) return;
    this.#timer = setTimeout(() => this.#connect(), this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
    this.#listener.lost();
  }

  #disconnect(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#source?.close();
    this.#source = undefined;
  }
}
