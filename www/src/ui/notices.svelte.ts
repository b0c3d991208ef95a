/** How long a notice stays, in milliseconds. */
const LIFETIME_MS = 6_000;

/** A short word on what has happened. */
export interface Notice {
  id: number;
  text: string;
  action?: { label: string; run: () => void } | undefined;
}

/** The notices on show, oldest first. */
export class Notices {
  list = $state<Notice[]>([]);
  #nextId = 1;

  show(text: string, action?: Notice['action']): void {
    const notice = { id: this.#nextId++, text, action };
    this.list.push(notice);
    setTimeout(() => this.dismiss(notice.id), LIFETIME_MS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }
}
