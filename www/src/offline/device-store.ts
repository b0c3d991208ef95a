import type { DeviceSeal, Octets } from './device-seal';
import { deleteDatabase, done, openDatabase, settled } from './idb';

/** As much as is kept of an account. */
const LIMIT_BYTES = 200_000_000;
/** When that is passed, the least recently used go until this is left. */
const ROOM_BYTES = 180_000_000;
/** A record that was used this lately need not be marked again. */
const MARK_EVERY_MS = 10 * 60_000;
const RECORDS = 'records';
const USES = 'uses';
const BY_USE = 'by-use';

/** What is known of a record without opening it. */
interface Use {
  place: string;
  bytes: number;
  usedMs: number;
}

/** One record to keep. */
export interface Keeping {
  name: string;
  octets: Octets;
}

function databaseOf(accountId: string): string {
  return `s-mail-cache-${accountId}`;
}

function make(database: IDBDatabase): void {
  database.createObjectStore(RECORDS);
  database.createObjectStore(USES, { keyPath: 'place' }).createIndex(BY_USE, 'usedMs');
}

/**
 * Sealed records of one account on this device, at most 200 MB, the least recently used given up first. Every record may vanish at
 * any time, by the browser's hand or another tab's: a failure to read or write is a record that is not there, and no error.
 */
export class DeviceStore {
  readonly #database: IDBDatabase;
  readonly #seal: DeviceSeal;
  readonly #limitBytes: number;
  /** An estimate: other tabs write too. */
  #bytes = 0;

  private constructor(database: IDBDatabase, seal: DeviceSeal, limitBytes: number) {
    this.#database = database;
    this.#seal = seal;
    this.#limitBytes = limitBytes;
  }

  /** Nothing where the browser keeps nothing. */
  static async open(
    accountId: string,
    seal: DeviceSeal,
    limitBytes = LIMIT_BYTES,
  ): Promise<DeviceStore | undefined> {
    try {
      const store = new DeviceStore(await openDatabase(databaseOf(accountId), make), seal, limitBytes);
      await store.#makeRoom();
      return store;
    } catch {
      return undefined;
    }
  }

  static forget(accountId: string): Promise<void> {
    return deleteDatabase(databaseOf(accountId));
  }

  /** How much is kept, about. */
  get bytes(): number {
    return this.#bytes;
  }

  async get(name: string): Promise<Octets | undefined> {
    const place = await this.#seal.place(name);
    try {
      const transaction = this.#database.transaction([RECORDS, USES]);
      const [sealed, use] = await Promise.all([
        settled(transaction.objectStore(RECORDS).get(place) as IDBRequest<Octets | undefined>),
        settled(transaction.objectStore(USES).get(place) as IDBRequest<Use | undefined>),
      ]);
      if (!sealed || !use) return undefined;
      if (Date.now() - use.usedMs > MARK_EVERY_MS) void this.#mark(use);
      return await this.#seal.open(place, sealed);
    } catch {
      return undefined;
    }
  }

  /** Keeps records in place of those of the same names: all or none. */
  async keep(...keepings: Keeping[]): Promise<void> {
    try {
      const sealed = await Promise.all(keepings.map((keeping) => this.#sealed(keeping)));
      const transaction = this.#database.transaction([RECORDS, USES], 'readwrite');
      for (const { place, record } of sealed) {
        transaction.objectStore(RECORDS).put(record, place);
        const use: Use = { place, bytes: record.byteLength, usedMs: Date.now() };
        transaction.objectStore(USES).put(use);
        this.#bytes += record.byteLength;
      }
      await done(transaction);
      if (this.#bytes > this.#limitBytes) await this.#makeRoom();
    } catch {
      // The device is full, or the database was deleted by another tab: what was not kept is fetched again.
    }
  }

  close(): void {
    this.#database.close();
  }

  async #sealed({ name, octets }: Keeping): Promise<{ place: string; record: Octets }> {
    const place = await this.#seal.place(name);
    return { place, record: await this.#seal.seal(place, octets) };
  }

  async #mark(use: Use): Promise<void> {
    try {
      const transaction = this.#database.transaction(USES, 'readwrite');
      transaction.objectStore(USES).put({ ...use, usedMs: Date.now() } satisfies Use);
      await done(transaction);
    } catch {
      // It counts as used longer ago.
    }
  }

  /** Counts what is there, and gives up what was used longest ago when that is too much. */
  async #makeRoom(): Promise<void> {
    const transaction = this.#database.transaction([RECORDS, USES], 'readwrite');
    const uses = await settled(transaction.objectStore(USES).index(BY_USE).getAll() as IDBRequest<Use[]>);
    let total = uses.reduce((sum, { bytes }) => sum + bytes, 0);
    const room = (this.#limitBytes / LIMIT_BYTES) * ROOM_BYTES;
    if (total > this.#limitBytes) {
      for (const { place, bytes } of uses) {
        if (total <= room) break;
        transaction.objectStore(RECORDS).delete(place);
        transaction.objectStore(USES).delete(place);
        total -= bytes;
      }
    }
    await done(transaction);
    this.#bytes = total;
  }
}
