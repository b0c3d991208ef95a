import type { Octets } from './device-seal';
import { deleteDatabase, done, isThere, openDatabase, settled } from './idb';

const STORE = 'records';

/** A sealed record, as the mail client made it. */
export interface OutboxRecord {
  id: string;
  sealed: Octets;
  /** Its delivery was tried: it may have got through. */
  tried: boolean;
}

function databaseOf(accountId: string): string {
  return `s-mail-outbox-${accountId}`;
}

/** What one account has to send and to save, sealed under its own key. Its database is made with the first of it. */
export class OutboxStore {
  readonly #accountId: string;

  constructor(accountId: string) {
    this.#accountId = accountId;
  }

  static forget(accountId: string): Promise<void> {
    return deleteDatabase(databaseOf(accountId));
  }

  put(record: OutboxRecord): Promise<void> {
    return this.#write((store) => store.put(record));
  }

  /** Removes this record, unless another has taken its place. */
  removeThis({ id, sealed }: OutboxRecord): Promise<void> {
    return this.#write((store) => {
      const request = store.get(id) as IDBRequest<OutboxRecord | undefined>;
      request.onsuccess = () => {
        if (request.result && areSame(request.result.sealed, sealed)) store.delete(id);
      };
    });
  }

  remove(id: string): Promise<void> {
    return this.#write((store) => store.delete(id));
  }

  get(id: string): Promise<OutboxRecord | undefined> {
    return this.#read((store) => store.get(id) as IDBRequest<OutboxRecord | undefined>, undefined);
  }

  all(): Promise<OutboxRecord[]> {
    return this.#read((store) => store.getAll() as IDBRequest<OutboxRecord[]>, []);
  }

  async #write(act: (store: IDBObjectStore) => unknown): Promise<void> {
    const database = await this.#open();
    try {
      const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
      act(transaction.objectStore(STORE));
      await done(transaction);
    } finally {
      database.close();
    }
  }

  /** To look makes no database. */
  async #read<Value>(act: (store: IDBObjectStore) => IDBRequest<Value>, none: Value): Promise<Value> {
    if (!(await isThere(databaseOf(this.#accountId)))) return none;
    const database = await this.#open();
    try {
      return await settled(act(database.transaction(STORE).objectStore(STORE)));
    } finally {
      database.close();
    }
  }

  #open(): Promise<IDBDatabase> {
    return openDatabase(databaseOf(this.#accountId), (database) => {
      database.createObjectStore(STORE, { keyPath: 'id' });
    });
  }
}

function areSame(one: Octets, other: Octets): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
