import { SvelteSet } from 'svelte/reactivity';

/** Which messages are selected. It knows ids alone, and the order of a list when a range is meant. */
export class Selection {
  readonly #ids = new SvelteSet<string>();
  /** Where a range begins: what was selected or unselected last. */
  #anchor: string | undefined;
  /** What the last range has added: another range from the same anchor takes its place. */
  #range: string[] = [];

  /** Whether all that there was to select was selected, and nothing taken out of it since. */
  #isAll = $state(false);

  get isAll(): boolean {
    return this.#isAll;
  }

  get size(): number {
    return this.#ids.size;
  }

  get ids(): string[] {
    return [...this.#ids];
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  toggle(id: string): void {
    this.#isAll = false;
    if (!this.#ids.delete(id)) this.#ids.add(id);
    this.#begin(id);
  }

  /** Selects from where the last range began, or else from `from`, to this one. */
  extend(id: string, order: string[], from = id): void {
    this.#isAll = false;
    if (this.#anchor === undefined || !order.includes(this.#anchor)) this.#begin(from);
    const ends = [order.indexOf(this.#anchor ?? id), order.indexOf(id)];
    const range = order.slice(Math.min(...ends), Math.max(...ends) + 1);
    for (const other of this.#range) if (!range.includes(other)) this.#ids.delete(other);
    this.#range = range;
    for (const other of range) this.#ids.add(other);
  }

  /** Selects all that there are, or are loaded. */
  addAll(ids: string[]): void {
    this.#isAll = true;
    for (const id of ids) this.#ids.add(id);
  }

  /** Lets go of messages that are gone or have left the place. */
  drop(ids: string[]): void {
    const gone = ids.filter((id) => this.#ids.delete(id));
    if (gone.length > 0) this.#isAll = false;
  }

  clear(): void {
    this.#isAll = false;
    this.#ids.clear();
    this.#anchor = undefined;
    this.#range = [];
  }

  /** Whether all of these are selected, or some. */
  state(ids: string[]): 'none' | 'some' | 'all' {
    const selected = ids.filter((id) => this.#ids.has(id)).length;
    if (selected === 0) return this.#ids.size > 0 ? 'some' : 'none';
    return selected === ids.length ? 'all' : 'some';
  }

  #begin(id: string): void {
    this.#anchor = id;
    this.#range = [];
  }
}
