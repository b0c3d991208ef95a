/** How long a notice stays, in milliseconds. */
const LIFETIME_MS = 6_000;

/** A short word on what has happened. */
export interface Notice {
  id: number;
  text: string;
  action?: { label: string; run: () => void } | undefined;
  /** What it is about: of one topic only the newest is on show. */
  topic?: string | undefined;
}

/** The notices on show, oldest first. */
export class Notices {
  list = $state<Notice[]>([]);
  #nextId = 1;

  show(text: string, action?: Notice['action'], topic?: string): void {
    const notice = { id: this.#nextId++, text, action, topic };
    this.list = [...this.list.filter((other) => !topic || other.topic !== topic), notice];
    setTimeout(() => this.dismiss(notice.id), LIFETIME_MS);
  }

  /** Whether something of this topic is on show. */
  shows(topic: string): boolean {
    return this.list.some((notice) => notice.topic === topic);
  }

  /** Takes away all that are not of this topic. */
  keepOnly(topic: string): void {
    this.list = this.list.filter((notice) => notice.topic === topic);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }
}
