/** How long a notice stays, in milliseconds. */
const LIFETIME_MS = 6_000;
/** More are not on show at a time, unless something can still be done about each of them. */
const MOST = 3;

/** A short word on what has happened. */
export interface Notice {
  id: number;
  text: string;
  action?: { label: string; run: () => void } | undefined;
  /** Until when something is counted down to, in milliseconds since 1970. */
  untilMs?: number | undefined;
  /** What it is about: of one topic only the newest is on show. */
  topic?: string | undefined;
}

/** The notices on show, oldest first. */
export class Notices {
  list = $state<Notice[]>([]);
  #nextId = 1;

  /** Shows one; counted down from `countdownMs`, when that is given, and gone at its end. */
  show(text: string, action?: Notice['action'], topic?: string, countdownMs?: number): void {
    const untilMs = countdownMs === undefined ? undefined : Date.now() + countdownMs;
    const notice = { id: this.#nextId++, text, action, topic, untilMs };
    this.list = [...this.list.filter((other) => !topic || other.topic !== topic), notice];
    const mayGo = this.list.filter((other) => !other.action && other.id !== notice.id);
    for (const { id } of mayGo.slice(0, Math.max(0, this.list.length - MOST))) this.dismiss(id);
    setTimeout(() => this.dismiss(notice.id), countdownMs ?? LIFETIME_MS);
  }

  /** Whether something of this topic is on show. */
  shows(topic: string): boolean {
    return this.list.some((notice) => notice.topic === topic);
  }

  /** Takes away all that are not of this topic. */
  keepOnly(topic: string): void {
    this.list = this.list.filter((notice) => notice.topic === topic);
  }

  dismissTopic(topic: string): void {
    this.list = this.list.filter((notice) => notice.topic !== topic);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }
}
