/** What one tab tells the others of this browser, which all have one cookie. */
export type SiblingWord = { kind: 'logged-out' } | { kind: 'logged-in'; accountId: string; address: string };

/** The other tabs of this browser. */
export class Siblings {
  readonly #channel = new BroadcastChannel('s-mail');

  tell(word: SiblingWord): void {
    this.#channel.postMessage(word);
  }

  listen(hear: (word: SiblingWord) => void): () => void {
    const heard = (message: MessageEvent<SiblingWord>) => hear(message.data);
    this.#channel.addEventListener('message', heard);
    return () => this.#channel.removeEventListener('message', heard);
  }
}
