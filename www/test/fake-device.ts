import type { MailEvent } from '../src/crypto/mail-service';
import type { Draft } from '../src/crypto/views';
import type { DeviceState, OutboxRow } from '../src/offline/views';
import { EMPTY_DRAFT } from './fake-mail';

/** What a device keeps, in memory. */
export class FakeDevice {
  readonly #emit: (event: MailEvent) => void;
  /** What waits in the outbox. */
  waiting: OutboxRow[] = [];
  keepsMail = false;

  constructor(emit: (event: MailEvent) => void) {
    this.#emit = emit;
  }

  outbox = () => Promise.resolve(this.waiting);

  retryOutbox = (): Promise<void> => {
    this.#wait([]);
    return Promise.resolve();
  };

  takeOutOfOutbox = (id: string): Promise<Draft> => {
    const row = this.waiting.find((one) => one.id === id);
    this.#wait(this.waiting.filter((one) => one.id !== id));
    return Promise.resolve({ ...EMPTY_DRAFT, id, to: row?.to ?? [], subject: row?.subject ?? '' });
  };

  deviceState = (): Promise<DeviceState> =>
    Promise.resolve({ keepsMail: this.keepsMail, bytes: this.keepsMail ? 1_200_000 : 0 });

  keepMail = (keep: boolean): Promise<void> => {
    this.keepsMail = keep;
    return Promise.resolve();
  };

  #wait(rows: OutboxRow[]): void {
    this.waiting = rows;
    this.#emit({ kind: 'outbox', rows });
  }
}
