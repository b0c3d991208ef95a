import type { Suggestion } from '../../crypto/views';

/** What Enter takes in place of what was typed. */
export interface Taking {
  suggestion: Suggestion;
  /** Whether what was typed may as well be the whole user name of somebody else here, who then is the one who is meant. */
  orUserName: boolean;
}

/** The suggestions for what is being typed, and which of them is chosen. */
export class Completion {
  readonly #suggest: (typed: string, taken: string[]) => Promise<Suggestion[]>;
  list = $state.raw<Suggestion[]>([]);
  /** The one that Enter takes. */
  at = $state(0);
  /** Whether that one was gone to, rather than being the first. */
  #gone = false;
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
    this.#first();
  }

  close(): void {
    this.#asked += 1;
    this.list = [];
    this.#first();
  }

  /** Goes to another one, from the last to the first and back. */
  move(by: 1 | -1): void {
    const { length } = this.list;
    if (length === 0) return;
    this.at = (this.at + by + length) % length;
    this.#gone = true;
  }

  /**
   * What Enter takes: nothing where a whole address was typed that is another one, or the very user name of this server
   * that the suggestion has.
   */
  taking(typed: string, ownDomain: string): Taking | undefined {
    const { chosen } = this;
    if (!chosen) return undefined;
    const text = typed.trim().toLowerCase();
    const addresses = chosen.addresses.map((address) => address.toLowerCase());
    const sure = { suggestion: chosen, orUserName: false };
    if (text.includes('@')) return addresses.some((address) => address.startsWith(text)) ? sure : undefined;
    if (chosen.kind === 'group') return sure;
    if (addresses.includes(`${text}@${ownDomain}`)) return undefined;
    return { suggestion: chosen, orUserName: !this.#gone && !chosen.name.some(({ hit }) => hit) };
  }

  #first(): void {
    this.at = 0;
    this.#gone = false;
  }
}
