import { mailError, type MailError } from '../../crypto/errors';
import type { ListFilter, ListPlace, ListRange, ListSpec, MessageRow, SortOrder } from '../../crypto/views';
import { Aim } from './aim';
import { ConversationIds, Rows } from './rows';

/** Rows asked for beyond those that are seen, on either side. */
const MARGIN_ROWS = 50;
/** Rows asked for at once when all are wanted. */
const PAGE_ROWS = 500;
/** Rows kept beyond those that are seen, on either side. */
const KEPT_ROWS = 300;

export type ListPhase = { kind: 'loading' } | { kind: 'ready' } | { kind: 'failed'; error: MailError };

/** Fetches rows `start` to `end`, and says where the message `anchor` is. */
export type FetchRange = (
  spec: ListSpec,
  start: number,
  end: number,
  anchor: string | undefined,
) => Promise<ListRange>;

/** Whether a message is this row, or one of its conversation's. */
export function isPartOf(row: MessageRow, id: string): boolean {
  return row.id === id || row.conversation?.ids.includes(id) === true;
}

/** The list of one folder or label: how long it is, and those of its rows that are seen and near. */
export class FolderList {
  readonly place: ListPlace;
  readonly #fetch: FetchRange;
  /** Rows as they are going to be, whatever was fetched of them. */
  readonly #expected: () => Iterable<MessageRow>;
  phase = $state<ListPhase>({ kind: 'loading' });
  sort = $state<SortOrder>('newest');
  filter = $state<ListFilter>('all');
  /** Rows in all; where one is not there yet, it comes when it is looked at. */
  count = $state(0);
  /** Messages in the folder, whatever the filter. */
  messages = $state(0);
  /** Everything in the folder has been taken in. */
  whole = $state(false);
  #rows = $state.raw(new Rows());
  /** Hears by how many rows what is seen has moved, so that it can be scrolled after. */
  onshift: ((rows: number) => void) | undefined;
  /** The pointer that may be about to press a row. */
  readonly aim = new Aim(() => void this.catchUp());
  /** How far it is scrolled, for when it is come back to. */
  topPx = 0;
  /** The latest arrival that has come to the list, whether it is shown yet or not. */
  newestMs = 0;
  #version = 0;
  readonly #conversations = new ConversationIds();
  #seen = { start: 0, end: MARGIN_ROWS };
  #isWanted = false;
  /** What is wanted is wanted whatever a pointer is about to press. */
  #isWantedNow = false;
  #fetching: Promise<void> | undefined;
  /** One more with each choice of order or filter: what was asked before it is of no use. */
  #turn = 0;

  constructor(place: ListPlace, fetch: FetchRange, expected: () => Iterable<MessageRow> = () => []) {
    this.place = place;
    this.#fetch = fetch;
    this.#expected = expected;
  }

  /** The rows that are there, in order. */
  get rows(): MessageRow[] {
    return this.#rows.all;
  }

  row(index: number): MessageRow | undefined {
    return this.#rows.at(index);
  }

  /** Loads the beginning of the list, in place of what is there. */
  load(): Promise<void> {
    this.#turn += 1;
    this.phase = { kind: 'loading' };
    this.#rows = new Rows();
    this.topPx = 0;
    this.#seen = { start: 0, end: MARGIN_ROWS };
    return this.refresh();
  }

  /** Shows the list in another order, or other rows of it, from its beginning. */
  async choose(choice: { sort?: SortOrder; filter?: ListFilter }): Promise<void> {
    this.sort = choice.sort ?? this.sort;
    this.filter = choice.filter ?? this.filter;
    await this.load();
  }

  /** These rows are seen now. */
  see(start: number, end: number): void {
    this.#seen = { start, end };
    for (let index = start; index < Math.min(end, this.count); index += 1) {
      if (!this.#rows.at(index)) return void this.refresh();
    }
  }

  /** Fetches what is seen as it is now. Asked for while that is under way, it is done once more. */
  refresh(): Promise<void> {
    this.#isWantedNow = true;
    return this.catchUp();
  }

  /**
   * Fetches what is seen as it is now, for what nobody here has asked for: a row that is new is put where another one is
   * seen only when no pointer is about to press that.
   */
  catchUp(): Promise<void> {
    this.#isWanted = true;
    this.#fetching ??= this.#fetchWanted().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  /** Whether the row is one of this list's, whatever its filter. */
  belongs(row: MessageRow): boolean {
    return this.place.kind === 'folder' ? row.folderId === this.place.id : row.labels.includes(this.place.id);
  }

  /** Shows a row that is here as it is going to be, until the worker says how it is. */
  put(row: MessageRow): void {
    const index = this.indexOf(row.id);
    const shown = index === undefined ? undefined : this.#rows.at(index);
    if (index === undefined || !shown) return;
    // What a conversation's row is when one of its messages has changed is the worker's to say.
    if (shown.conversation && !row.conversation) return;
    if (this.belongs(row)) this.#set(index, row);
    else this.#takeAway(index);
  }

  /** Takes a message's row away, before the worker has answered; not that of a conversation which has more. */
  remove(id: string): void {
    const gone = this.indexOf(id);
    const row = gone === undefined ? undefined : this.#rows.at(gone);
    if (gone !== undefined && (row?.conversation?.ids.length ?? 1) < 2) this.#takeAway(gone);
  }

  /** The messages that a row stands for, which need not be here any more: what an action on it is done to. */
  messagesOf(id: string): string[] {
    return this.#conversations.of(id);
  }

  /** The rows of all that pass the filter, whether they are here or not. */
  async allIds(): Promise<string[]> {
    const { place, sort, filter } = this;
    const ids: string[] = [];
    for (let start = 0; start < this.count; start += PAGE_ROWS) {
      const spec = { place, sort, filter, single: false };
      const { rows } = await this.#fetch(spec, start, start + PAGE_ROWS, undefined);
      rows.forEach((row) => this.#conversations.remember(row));
      ids.push(...rows.map(({ id }) => id));
    }
    return ids;
  }

  /** The row that this message is or is part of, if it is among those that are there. */
  find(id: string): MessageRow | undefined {
    const index = this.indexOf(id);
    return index === undefined ? undefined : this.#rows.at(index);
  }

  /** Where the row is that this message is or is part of, if it is among those that are there. */
  indexOf(id: string): number | undefined {
    return this.#rows.indexOf(id);
  }

  #set(index: number, row: MessageRow): void {
    this.#rows = this.#rows.with(index, row);
    this.#conversations.remember(row);
  }

  #takeAway(gone: number): void {
    this.#rows = this.#rows.without(gone);
    this.count -= 1;
  }

  async #fetchWanted(): Promise<void> {
    while (this.#isWanted) {
      const isWantedNow = this.#isWantedNow;
      this.#isWanted = this.#isWantedNow = false;
      const turn = this.#turn;
      try {
        const { place, sort, filter } = this;
        const start = Math.max(0, this.#seen.start - MARGIN_ROWS);
        const end = this.#seen.end + MARGIN_ROWS;
        // What is seen stays in its place, unless it is the top: there, what is new is to be seen.
        const anchor = this.#seen.start > 0 ? this.#rows.at(this.#seen.start)?.id : undefined;
        const spec = { place, sort, filter, single: false };
        const range = await this.#fetch(spec, start, end, anchor);
        if (turn !== this.#turn) continue;
        for (const row of range.rows) this.newestMs = Math.max(this.newestMs, row.arrivalMs);
        if (isWantedNow || !this.#holdsBack(range, anchor)) this.#take(range, anchor);
      } catch (thrown) {
        this.aim.letGo();
        if (turn === this.#turn) this.phase = { kind: 'failed', error: mailError(thrown) };
      }
    }
  }

  /** Whether this is not to be shown before the pointer is at rest. It is fetched again then. */
  #holdsBack(range: ListRange, anchor: string | undefined): boolean {
    return this.#putsRowOverAnother(range, anchor) && this.aim.holdsBack();
  }

  /**
   * Whether a row that was not here comes where another one is seen. One that goes moves others, too, but has mostly been
   * sent away by a press here, which is to be seen at once; and where rows are missing, they are waited for.
   */
  #putsRowOverAnother(range: ListRange, anchor: string | undefined): boolean {
    const by = this.#movedBy(range, anchor);
    let isOver = false;
    for (let index = this.#seen.start; index < Math.min(this.#seen.end, this.count); index += 1) {
      const shown = this.#rows.at(index);
      if (!shown) return false;
      const comes = range.rows[index + by - range.start];
      isOver ||= comes !== undefined && comes.id !== shown.id && this.indexOf(comes.id) === undefined;
    }
    return isOver;
  }

  /** By how many rows the one that is to stay in its place has moved in the list. */
  #movedBy(range: ListRange, anchor: string | undefined): number {
    const wasAt = anchor === undefined ? undefined : this.indexOf(anchor);
    return wasAt === undefined || range.anchor === undefined ? 0 : range.anchor - wasAt;
  }

  #take(range: ListRange, anchor: string | undefined): void {
    const { start: from } = this.#seen;
    const movedBy = this.#movedBy(range, anchor);
    this.aim.letGo();
    // Rows of another version may stand elsewhere by now.
    const near = range.version === this.#version ? this.#rows.near(from, KEPT_ROWS) : [];
    const come = range.rows.map((row, at): [number, MessageRow] => [range.start + at, row]);
    this.#rows = new Rows([...near, ...come]);
    for (const row of range.rows) this.#conversations.remember(row);
    this.#version = range.version;
    this.count = range.count;
    this.messages = range.messages;
    this.whole = range.whole;
    for (const row of this.#expected()) this.put(row);
    this.phase = { kind: 'ready' };
    if (movedBy !== 0) this.#shift(movedBy);
  }

  #shift(by: number): void {
    const { start, end } = this.#seen;
    this.onshift?.(by);
    this.see(Math.max(0, start + by), end + by);
  }
}
