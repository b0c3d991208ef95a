import { mailError, type MailError } from '../../crypto/errors';
import type { MessagePage, MessageRow } from '../../crypto/views';

/** Rows asked for at a time. */
export const PAGE_ROWS = 50;

export type ListPhase =
  { kind: 'loading' } | { kind: 'ready' } | { kind: 'loading-more' } | { kind: 'failed'; error: MailError };

/** Fetches the page before a cursor, or the first. */
export type FetchPage = (before: string | undefined) => Promise<MessagePage>;

function byArrivalLatestFirst(a: MessageRow, b: MessageRow): number {
  return b.arrivalMs - a.arrivalMs || (a.id < b.id ? -1 : 1);
}

/** The rows of one folder or label, latest first, as far as they have been loaded. */
export class FolderList {
  readonly #belongs: (row: MessageRow) => boolean;
  readonly #fetch: FetchPage;
  rows = $state<MessageRow[]>([]);
  phase = $state<ListPhase>({ kind: 'loading' });
  #next = $state<string | undefined>();

  /** Of the folder with this id, or of whatever rows belong. */
  constructor(of: string | ((row: MessageRow) => boolean), fetch: FetchPage) {
    this.#belongs = typeof of === 'string' ? (row) => row.folderId === of : of;
    this.#fetch = fetch;
  }

  get hasMore(): boolean {
    return this.#next !== undefined;
  }

  /** Loads the first page, in place of what is there. */
  async load(): Promise<void> {
    this.phase = { kind: 'loading' };
    await this.#take(undefined, () => (this.rows = []));
  }

  /** Loads the next page, unless there is none or one is on its way. */
  async loadMore(): Promise<void> {
    if (!this.hasMore || this.phase.kind !== 'ready') return;
    this.phase = { kind: 'loading-more' };
    await this.#take(this.#next, () => {});
  }

  /** Whether the row is one of this list's, loaded or not. */
  belongs(row: MessageRow): boolean {
    return this.#belongs(row);
  }

  /** Takes a row that came, changed, or moved away. */
  put(row: MessageRow): void {
    if (!this.#belongs(row)) return this.remove(row.id);
    const rows = this.rows.filter((other) => other.id !== row.id);
    if (this.#reachesTo(row)) rows.push(row);
    this.rows = rows.sort(byArrivalLatestFirst);
  }

  remove(id: string): void {
    this.rows = this.rows.filter((row) => row.id !== id);
  }

  find(id: string): MessageRow | undefined {
    return this.rows.find((row) => row.id === id);
  }

  /** The id of the row after the one with this id, or else before it. */
  neighbour(id: string): string | undefined {
    const at = this.rows.findIndex((row) => row.id === id);
    return at < 0 ? undefined : (this.rows[at + 1] ?? this.rows[at - 1])?.id;
  }

  /** Whether the row belongs to the part that is loaded: an older one comes with its page. */
  #reachesTo(row: MessageRow): boolean {
    const oldest = this.rows.at(-1);
    return !this.hasMore || (oldest !== undefined && row.arrivalMs >= oldest.arrivalMs);
  }

  async #take(before: string | undefined, prepare: () => void): Promise<void> {
    try {
      const page = await this.#fetch(before);
      prepare();
      const kept = this.rows.filter((row) => !page.rows.some((fresh) => fresh.id === row.id));
      this.rows = [...kept, ...page.rows].sort(byArrivalLatestFirst);
      this.#next = page.next ?? undefined;
      this.phase = { kind: 'ready' };
    } catch (thrown) {
      this.phase = { kind: 'failed', error: mailError(thrown) };
    }
  }
}
