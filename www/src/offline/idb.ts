/** IndexedDB by promises, and no more of it than is used here. */

/** A request's outcome. */
export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('IndexedDB gave no reason'));
  });
}

/** Waits until what a transaction wrote is kept. */
export function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(transaction.error ?? new DOMException('IndexedDB gave no reason'));
    transaction.oncomplete = () => resolve();
    transaction.onerror = fail;
    transaction.onabort = fail;
  });
}

/** Opens a database, made by `make` if need be. It closes by itself when another tab wants to delete it. */
export async function openDatabase(
  name: string,
  make: (database: IDBDatabase) => void,
): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => make(request.result);
  const database = await settled(request);
  database.onversionchange = () => database.close();
  return database;
}

/** Whether a database is there. */
export async function isThere(name: string): Promise<boolean> {
  return (await indexedDB.databases()).some((database) => database.name === name);
}

/**
 * Deletes a database if it is there: what is in it at once, it itself when no tab has it open any more. A browser without
 * IndexedDB has none.
 */
export async function deleteDatabase(name: string): Promise<void> {
  try {
    await empty(name);
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = () => resolve();
      request.onblocked = () => resolve();
      request.onerror = () => reject(request.error ?? new DOMException('IndexedDB gave no reason'));
    });
  } catch {
    // Nothing was kept.
  }
}

async function empty(name: string): Promise<void> {
  const request = indexedDB.open(name);
  // It was not there: it is not made.
  request.onupgradeneeded = () => request.transaction?.abort();
  const database = await settled(request).catch(() => undefined);
  if (!database) return;
  const stores = [...database.objectStoreNames];
  if (stores.length > 0) {
    const transaction = database.transaction(stores, 'readwrite');
    for (const store of stores) transaction.objectStore(store).clear();
    await done(transaction);
  }
  database.close();
}
