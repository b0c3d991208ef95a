import { errorRecord, MailError } from '../crypto/errors';
import type { OnStep } from '../crypto/mail-service';
import type { Draft, MessageRow, SentReceipt } from '../crypto/views';
import type { MailClient } from '../crypto/wasm/smail_crypto_wasm';
import type { Octets } from './device-seal';
import { OutboxStore, type OutboxRecord } from './outbox-store';
import type { OutboxRow } from './views';

const CHANNEL = 's-mail-outbox';
/** What waits is tried again after this, also when nothing says that the server is back. */
const RETRY_MS = 15_000;
/** After these the next try may go better by itself. */
const PASSING = new Set([
  'offline',
  'send-unconfirmed',
  'no-session',
  'unavailable',
  'internal',
  'too-many-requests',
]);
const NO_CERTIFICATE = new MailError({
  code: 'key-not-at-hand',
  message:
    'There is no connection, and the key of a recipient is not on this device yet. The message is kept as a draft; send it when you are connected.',
});
const MAYBE_SENT = new MailError({
  code: 'send-unconfirmed',
  message:
    'This message may have gone out already. It can be taken back once the server is reached and says that it has not.',
});

/** What runs the outbox says to the page. */
export type TellRows = (rows: OutboxRow[]) => void;

function owned(octets: Uint8Array): Octets {
  return new Uint8Array(octets);
}

/**
 * The outbox of an open account, in the worker. All tabs share what is in it; whoever sends or takes back holds a lock, so that
 * nothing is sent by two or taken back while it is sent.
 */
export class OutboxRunner {
  readonly #client: MailClient;
  readonly #store: OutboxStore;
  readonly #tell: TellRows;
  readonly #lock: string;
  readonly #channel = new BroadcastChannel(CHANNEL);
  /** Why records were not sent, by id: until they are tried again. */
  readonly #failures = new Map<string, string>();
  #sending: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(client: MailClient, tell: TellRows) {
    const { id } = client.account();
    this.#client = client;
    this.#store = new OutboxStore(id);
    this.#tell = tell;
    this.#lock = `${CHANNEL}-${id}`;
    this.#channel.addEventListener('message', () => void this.#show());
    void this.#show();
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#channel.close();
  }

  /** Makes and seals a message for later. */
  async queue(draft: Draft, onStep: OnStep): Promise<SentReceipt> {
    const id = draft.id ?? newId();
    const sealed = await this.#client.packMessage(id, draft, onStep).catch((thrown: unknown) => {
      throw errorRecord(thrown).code === 'offline' ? NO_CERTIFICATE : thrown;
    });
    await this.#put(id, sealed);
    return { row: rowOf(id, draft) };
  }

  /** Keeps a draft here until it can be saved. */
  async keepDraft(draft: Draft): Promise<MessageRow> {
    const id = draft.id ?? newId();
    const sealed = this.#client.packDraft(id, draft);
    await this.#put(id, sealed);
    return rowOf(id, draft);
  }

  /**
   * Does something with a draft on the server, but not while what is kept of it here is on its way there: each would go back to
   * the same version, and whichever came second would be kept as a draft of its own.
   */
  async apart<Done>(id: string | undefined, act: () => Promise<Done>): Promise<Done> {
    if (id === undefined || !(await this.#store.get(id))) return act();
    return navigator.locks.request(this.#lock, act);
  }

  /** A draft was saved on the server, sent or thrown away: what is kept of it here is older. Whether there was anything. */
  async settled(id: string | undefined): Promise<boolean> {
    if (id === undefined || !(await this.#store.get(id))) return false;
    await this.#store.remove(id);
    await this.#changed();
    return true;
  }

  async rows(): Promise<OutboxRow[]> {
    const rows = (await this.#store.all()).map((record) => this.#row(record));
    return rows.sort((one, other) => one.keptMs - other.keptMs);
  }

  /** Tries everything again, also what was refused. */
  async retry(): Promise<void> {
    this.#failures.clear();
    await this.flush();
  }

  /** Sends and saves what can be. The server is in reach. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    const records = await this.#store.all().catch(() => []);
    if (records.length === 0) return;
    await navigator.locks.request(this.#lock, async () => {
      for (const { id } of records) {
        if (this.#isOver || !(await this.#carryOut(id))) {
          this.#tryLater();
          return;
        }
      }
    });
  }

  #tryLater(): void {
    clearTimeout(this.#timer);
    if (!this.#isOver) this.#timer = setTimeout(() => void this.flush(), RETRY_MS);
  }

  /** Takes a message back, to be written on: it is a draft again, and as such it stays until it is saved. */
  async takeBack(id: string): Promise<Draft> {
    return navigator.locks.request(this.#lock, async () => {
      const record = await this.#store.get(id);
      if (!record) throw new MailError({ code: 'not-found', message: 'This has gone out meanwhile.' });
      if (record.tried && (await this.#wentOut(record))) {
        await this.#removed(id);
        throw new MailError({
          code: 'send-went-out',
          message: 'This has gone out meanwhile: it is in Sent.',
        });
      }
      const { draft } = this.#client.unpack(id, record.sealed);
      this.#failures.delete(id);
      await this.keepDraft({ ...draft, id });
      return { ...draft, id };
    });
  }

  /** Sends or saves one; false when it is of no use to go on with others. */
  async #carryOut(id: string): Promise<boolean> {
    const record = await this.#store.get(id);
    if (!record || this.#failures.has(id)) return true;
    this.#sending = id;
    await this.#show();
    try {
      const { isMessage } = this.#client.unpack(id, record.sealed);
      if (isMessage) {
        record.tried = true;
        await this.#store.put(record);
        await this.#client.deliverPacked(id, record.sealed);
      } else await this.#client.savePacked(id, record.sealed);
      await this.#store.removeThis(record);
      return true;
    } catch (thrown) {
      const { code, message } = errorRecord(thrown);
      if (PASSING.has(code)) return false;
      this.#failures.set(id, message);
      return true;
    } finally {
      this.#sending = undefined;
      await this.#changed();
    }
  }

  async #put(id: string, sealed: Uint8Array): Promise<void> {
    await this.#store.put({ id, sealed: owned(sealed), tried: false });
    await this.#changed();
    this.#tryLater();
  }

  async #wentOut({ id, sealed }: OutboxRecord): Promise<boolean> {
    try {
      return await this.#client.packedIsSent(id, sealed);
    } catch {
      throw MAYBE_SENT;
    }
  }

  async #removed(id: string): Promise<void> {
    this.#failures.delete(id);
    await this.#store.remove(id);
    await this.#changed();
  }

  #row({ id, sealed }: OutboxRecord): OutboxRow {
    try {
      const { isMessage, keptMs, draft } = this.#client.unpack(id, sealed);
      const reason = this.#failures.get(id);
      const state = reason ? 'failed' : this.#sending === id ? 'sending' : 'waiting';
      const to = [...draft.to, ...draft.cc, ...draft.bcc];
      return { id, isMessage, to, subject: draft.subject, keptMs, state, reason };
    } catch (thrown) {
      const reason = errorRecord(thrown).message;
      return { id, isMessage: true, to: [], subject: '', keptMs: 0, state: 'failed', reason };
    }
  }

  async #changed(): Promise<void> {
    this.#channel.postMessage('changed');
    await this.#show();
  }

  async #show(): Promise<void> {
    if (this.#isOver) return;
    try {
      this.#tell(await this.rows());
    } catch {
      // A browser that keeps nothing has nothing to send.
    }
  }
}

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The row that a window takes for its draft's: the next save goes back to the same version. */
function rowOf(id: string, draft: Draft): MessageRow {
  const nowMs = Date.now();
  return {
    id,
    folderId: '',
    from: { name: '', address: '' },
    to: [],
    subject: draft.subject,
    snippet: '',
    dateMs: nowMs,
    arrivalMs: nowMs,
    sizeBytes: 0,
    version: draft.version ?? 0,
    unread: false,
    starred: false,
    attachments: 0,
    labels: [],
    snoozedUntilMs: undefined,
    signature: undefined,
    fault: undefined,
  };
}
