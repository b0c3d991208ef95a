import type { MailError } from '../../crypto/errors';
import { mailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type {
  IndexProgress,
  MessageRow,
  QueryFilter,
  SavedSearch,
  SearchHit,
  SearchResults,
} from '../../crypto/views';
import { utcOffsetMin } from '../../i18n/formats';

/** Hits asked for at a time. */
const PAGE_HITS = 50;
/** Between the last key and the search. */
const TYPING_MS = 120;
/** Searches remembered until the page is left. */
const RECENT = 8;

/** What became of the search in the field. */
export type SearchPhase =
  | { kind: 'blank' }
  /** The results of the last search stay on show until the new ones are there. */
  | { kind: 'searching' }
  | { kind: 'found' }
  | { kind: 'failed'; error: MailError };

/** The search field, what it found, and the searches that are kept. Nothing of it is in the page's address. */
export class Search {
  readonly #service: MailService;
  readonly #note: (thrown: unknown) => MailError;
  text = $state('');
  phase = $state.raw<SearchPhase>({ kind: 'blank' });
  /** The latest results, for as long as they are of any use. */
  results = $state.raw<SearchResults | undefined>();
  progress = $state<IndexProgress | undefined>();
  isPaused = $state(false);
  saved = $state<SavedSearch[]>([]);
  recent = $state<string[]>([]);
  #limit = PAGE_HITS;
  #latest = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(service: MailService, note: (thrown: unknown) => MailError) {
    this.#service = service;
    this.#note = note;
  }

  /** Whether there is a search that is worth to be kept. */
  get isKeepable(): boolean {
    return this.phase.kind === 'found' && !this.results?.problem;
  }

  /** Takes what is typed; the search begins when the person pauses. */
  type(text: string): void {
    this.text = text;
    this.#limit = PAGE_HITS;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.run(), TYPING_MS);
  }

  /** Searches at once, and remembers it for as long as the page is open. */
  async submit(text = this.text): Promise<void> {
    this.text = text;
    this.#limit = PAGE_HITS;
    const words = text.trim();
    if (words) this.recent = [words, ...this.recent.filter((other) => other !== words)].slice(0, RECENT);
    await this.run();
  }

  /** Searches for what is in the field. */
  async run(): Promise<void> {
    clearTimeout(this.#timer);
    const number = ++this.#latest;
    if (!this.text.trim()) {
      this.#forgetResults();
      return;
    }
    this.phase = { kind: 'searching' };
    try {
      const results = await this.#service.search(this.text, this.#limit, utcOffsetMin(Date.now()));
      if (number !== this.#latest) return;
      this.results = results;
      this.phase = { kind: results.blank ? 'blank' : 'found' };
    } catch (thrown) {
      const error = this.#note(thrown);
      if (number === this.#latest) this.phase = { kind: 'failed', error };
    }
  }

  async showMore(): Promise<void> {
    this.#limit += PAGE_HITS;
    await this.run();
  }

  /** Takes a filter out of what was typed. */
  async removeFilter({ start, end }: QueryFilter): Promise<void> {
    const rest = `${this.text.slice(0, start)}${this.text.slice(end)}`;
    await this.submit(rest.replace(/\s+/g, ' ').trim());
  }

  /** What was found, as far as it is on show. */
  get hits(): SearchHit[] {
    const isHidden = this.phase.kind === 'failed' || this.results?.problem !== undefined;
    return isHidden ? [] : (this.results?.hits ?? []);
  }

  /** The row of a message that was found. */
  find(id: string): MessageRow | undefined {
    return this.results?.hits.find((hit) => hit.row.id === id)?.row;
  }

  /** Takes the row of a message as it is now, if that was found. */
  put(row: MessageRow): void {
    this.#take((hits) => hits.map((hit) => (hit.row.id === row.id ? { ...hit, row } : hit)));
  }

  /** A message is gone. */
  remove(id: string): void {
    this.#take((hits) => hits.filter((hit) => hit.row.id !== id));
  }

  /** So many messages came, changed or went: what is on show may be another now. So may the searches that are kept. */
  follow(changes: number): void {
    if (changes > 0) this.refresh();
    void this.loadSaved();
  }

  refresh(): void {
    // One that is under way may have looked too early.
    if (this.phase.kind === 'found' || this.phase.kind === 'searching') void this.run();
  }

  /** The index has come further. */
  take(progress: IndexProgress): void {
    const before = this.progress;
    this.progress = progress;
    const isFurther = progress.indexed > (before?.indexed ?? 0) || (progress.done && before?.done !== true);
    if (isFurther && (progress.done || this.results?.hits.length === 0)) this.refresh();
  }

  async pause(paused: boolean): Promise<void> {
    this.isPaused = paused;
    await this.#service.pauseIndexing(paused).catch((thrown: unknown) => void this.#note(thrown));
  }

  async loadSaved(): Promise<void> {
    try {
      this.saved = await this.#service.savedSearches();
    } catch (thrown) {
      this.#note(thrown);
    }
  }

  /** Keeps the search in the field; why not, if that fails. */
  async save(name: string): Promise<MailError | undefined> {
    try {
      this.saved = await this.#service.saveSearch(name, this.text);
      return undefined;
    } catch (thrown) {
      return this.#note(thrown);
    }
  }

  /** Forgets a search that was kept. */
  async drop(search: SavedSearch): Promise<void> {
    try {
      this.saved = await this.#service.removeSearch(search.id);
    } catch (thrown) {
      throw mailError(this.#note(thrown));
    }
  }

  /** Keeps a search again that was forgotten a moment ago. */
  async putBack({ name, query }: SavedSearch): Promise<void> {
    try {
      this.saved = await this.#service.saveSearch(name, query);
    } catch (thrown) {
      this.#note(thrown);
    }
  }

  /** Forgets everything, as on logging out. */
  clear(): void {
    this.text = '';
    this.recent = [];
    this.saved = [];
    this.progress = undefined;
    this.isPaused = false;
    this.#latest += 1;
    this.#forgetResults();
  }

  #take(change: (hits: SearchHit[]) => SearchHit[]): void {
    if (this.results) this.results = { ...this.results, hits: change(this.results.hits) };
  }

  #forgetResults(): void {
    clearTimeout(this.#timer);
    this.results = undefined;
    this.phase = { kind: 'blank' };
  }
}
