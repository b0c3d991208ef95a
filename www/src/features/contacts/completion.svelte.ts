import type { Suggestion } from '../../crypto/views';

/** The suggestions for what is being typed, and which of them is chosen. */
export class Completion {
  readonly #suggest: (typed: string, taken: string[]) => Promise<Suggestion[]>;
  list = $state.raw<Suggestion[]>([]);
  /** The one that Enter takes. */
  at = $state(0);
  /** The question whose answer counts. */
  #asked = 0;

  constructor(suggest: (typed: string, taken: string[]) => Promise<Suggestion[]>) {
    this.#suggest = suggest;
  }

  get isOpen(): boolean {
    return this.list.length > 0;
  }

  get chosen(): Suggestion | undefined {
    return this.list[this.at];
  }

  /** Something else is in the field. */
  async type(typed: string, taken: string[]): Promise<void> {
    const asked = ++this.#asked;
    const found = typed.trim() === '' ? [] : await this.#suggest(typed, taken);
    // Meanwhile more was typed, or it was closed.
    if (asked !== this.#asked) return;
    this.list = found;
    this.at = 0;
  }

  close(): void {
    this.#asked += 1;
    this.list = [];
    this.at = 0;
  }

  /** Goes to another one, from the last to the first and back. */
  move(by: 1 | -1): void {
    const { length } = this.list;
    if (length > 0) this.at = (this.at + by + length) % length;
  }

  /**
   * What Enter takes: nothing where a whole address was typed that is another one, or the very user name of this server
   * that the suggestion has.
   */
  taking(typed: string, ownDomain: string): Suggestion | undefined {
    const { chosen } = this;
    if (!chosen) return undefined;
    const text = typed.trim().toLowerCase();
    const addresses = chosen.addresses.map((address) => address.toLowerCase());
    if (text.includes('@')) return addresses.some((address) => address.startsWith(text)) ? chosen : undefined;
    return addresses.includes(`${text}@${ownDomain}`) && chosen.kind !== 'group' ? undefined : chosen;
  }
}
