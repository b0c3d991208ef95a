/** Messages that are being opened ahead. Whoever reads one waits for that, instead of fetching it a second time. */
export class OpenedAhead {
  readonly #underWay = new Map<string, Promise<void>>();

  /** Opens a message ahead, unless that is under way. */
  begin(itemId: string, open: () => Promise<void>): Promise<void> {
    const begun = this.#underWay.get(itemId);
    if (begun) return begun;
    const ahead = open().finally(() => this.#underWay.delete(itemId));
    this.#underWay.set(itemId, ahead);
    return ahead;
  }

  /** Resolves when the message is not being opened ahead, or no longer. Rejects as the opening did. */
  async settled(itemId: string): Promise<void> {
    await this.#underWay.get(itemId);
  }
}
