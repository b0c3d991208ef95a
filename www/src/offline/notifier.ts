import type { MessageRow, Settings } from '../crypto/views';

/** Held by every tab that is looked at, together. */
const LOOKED_AT = 's-mail-looked-at';
/** Held by the one tab that notifies. */
const NOTIFIER = 's-mail-notifier';

/** What a notification says, in the page's language. */
export interface NotificationWords {
  newMail(): string;
  from(person: string): string;
  subject(row: MessageRow): string;
}

type Choice = Pick<Settings, 'notifications' | 'notificationContent'>;

/**
 * Tells of new mail while no tab of the app is looked at: one tab does it for all, found by locks that end with their tabs. What it
 * says is made here, from a summary that was opened here, and says nothing of a message unless the person chose so. Permission is
 * asked for in the settings, nowhere else.
 */
export class Notifier {
  readonly #words: NotificationWords;
  readonly #open: (itemId: string) => void;
  readonly #person: (row: MessageRow) => string;
  #isNotifier = false;
  /** Lets go of the lock of a tab that is looked at. */
  #lookAway: (() => void) | undefined;

  constructor(words: NotificationWords, person: (row: MessageRow) => string, open: (itemId: string) => void) {
    this.#words = words;
    this.#person = person;
    this.#open = open;
  }

  /** Begins to watch; the returned function ends it. */
  watch(): () => void {
    if (!('locks' in navigator)) return () => undefined;
    const ending = new AbortController();
    const { signal } = ending;
    const look = () => this.#look();
    document.addEventListener('visibilitychange', look);
    look();
    // Pressed where the service worker shows notifications.
    const opened = ({ data }: MessageEvent<unknown>) => this.#opened(data);
    if ('serviceWorker' in navigator) navigator.serviceWorker.addEventListener('message', opened, { signal });
    // Held until the tab goes; then the next tab has it.
    navigator.locks
      .request(NOTIFIER, { signal }, () => {
        this.#isNotifier = true;
        return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      })
      .catch(() => undefined);
    return () => {
      ending.abort();
      this.#isNotifier = false;
      this.#lookAway?.();
      document.removeEventListener('visibilitychange', look);
    };
  }

  /** New mail has come. */
  async tell(rows: readonly MessageRow[], choice: Choice): Promise<void> {
    const [latest] = rows;
    if (!latest || !choice.notifications || !this.#isNotifier) return;
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    if (document.visibilityState === 'visible' || (await isLookedAt())) return;
    const { title, body } = this.#text(latest, choice);
    await this.#show(title, {
      ...(body === undefined ? {} : { body }),
      // The newest takes the place of the one before.
      tag: 's-mail-new',
      icon: '/icon-192.png',
      data: { itemId: latest.id },
    });
  }

  #text(row: MessageRow, { notificationContent }: Choice): { title: string; body: string | undefined } {
    switch (notificationContent) {
      case 'nothing':
        return { title: this.#words.newMail(), body: undefined };
      case 'sender':
        return { title: this.#words.from(this.#person(row)), body: undefined };
      case 'subject':
        return { title: this.#words.from(this.#person(row)), body: this.#words.subject(row) };
    }
  }

  /** Where pages may not show notifications themselves, as on phones, the service worker does. */
  async #show(
    title: string,
    options: Omit<NotificationOptions, 'data'> & { data: { itemId: string } },
  ): Promise<void> {
    const { itemId } = options.data;
    try {
      const notification = new Notification(title, options);
      notification.addEventListener('click', () => {
        notification.close();
        window.focus();
        this.#open(itemId);
      });
    } catch {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration?.showNotification(title, options);
    }
  }

  #opened(word: unknown): void {
    const { kind, itemId } = (word ?? {}) as { kind?: unknown; itemId?: unknown };
    if (kind === 'open-message' && typeof itemId === 'string') this.#open(itemId);
  }

  #look(): void {
    this.#lookAway?.();
    this.#lookAway = undefined;
    if (document.visibilityState !== 'visible') return;
    const untilAway = new Promise<void>((resolve) => (this.#lookAway = resolve));
    void navigator.locks.request(LOOKED_AT, { mode: 'shared' }, () => untilAway);
  }
}

async function isLookedAt(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === LOOKED_AT);
}
