import type { MessageRow } from '../../crypto/views';

/** Rows by their index in a list. None is changed: another set of them takes its place. */
export type Rows = ReadonlyMap<number, MessageRow>;

export function rowsOf(entries: Iterable<[number, MessageRow]> = []): Rows {
  return new Map(entries);
}

export function withRow(rows: Rows, index: number, row: MessageRow): Rows {
  return new Map(rows).set(index, row);
}

/** Without the row at this index; those behind it move up. */
export function withoutRow(rows: Rows, gone: number): Rows {
  const others = [...rows].filter(([index]) => index !== gone);
  return rowsOf(others.map(([index, row]) => [index > gone ? index - 1 : index, row]));
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
