import type { MessageRow } from '../../crypto/views';

/** Rows by their index in a list, found by their messages too. None is changed: another set of them takes its place. */
export class Rows {
  readonly #rows: ReadonlyMap<number, MessageRow>;
  /** Where each message's row is; where it stands at two places for a moment, the first of them. */
  readonly #places = new Map<string, number>();

  constructor(entries: Iterable<[number, MessageRow]> = []) {
    this.#rows = new Map(entries);
    for (const [index, { id, conversation }] of this.#rows) {
      for (const message of [id, ...(conversation?.ids ?? [])]) {
        if (!this.#places.has(message)) this.#places.set(message, index);
      }
    }
  }

  /** In order. */
  get all(): MessageRow[] {
    return [...this.#rows].sort(([a], [b]) => a - b).map(([, row]) => row);
  }

  at(index: number): MessageRow | undefined {
    return this.#rows.get(index);
  }

  /** Where the row is that this message is or is part of. */
  indexOf(id: string): number | undefined {
    return this.#places.get(id);
  }

  /** Those less than `reach` away from an index. */
  near(index: number, reach: number): [number, MessageRow][] {
    return [...this.#rows].filter(([at]) => Math.abs(at - index) < reach);
  }

  with(index: number, row: MessageRow): Rows {
    return new Rows(new Map(this.#rows).set(index, row));
  }

  /** Without the row at this index; those behind it move up. */
  without(gone: number): Rows {
    const others = [...this.#rows].filter(([index]) => index !== gone);
    return new Rows(others.map(([index, row]) => [index > gone ? index - 1 : index, row]));
  }
}

/** The messages of conversations that have been shown, by the ids of their rows. */
export class ConversationIds {
  readonly #ids = new Map<string, string[]>();

  remember({ id, conversation }: MessageRow): void {
    if (conversation) this.#ids.set(id, conversation.ids);
    else this.#ids.delete(id);
  }

  of(id: string): string[] {
    return this.#ids.get(id) ?? [id];
  }
}
