/**
 * The key that lets a reload open the account again without the password: kept by the browser as a WebCrypto key that
 * no script can read out. What it derives opens the account key that the server keeps, sealed, with the session; so
 * neither the browser's disk nor the server alone has enough, and logging out deletes both halves.
 */
const DATABASE = 's-mail';
const STORE = 'keys';
const NAME = 'resume';
const INFO = new TextEncoder().encode('s-mail/v1/resume');
const SECRET_BITS = 256;

/** What is kept. */
interface KeptKey {
  accountId: string;
  key: CryptoKey;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('IndexedDB gave no reason'));
  });
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

async function inStore<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await openDatabase();
  try {
    return await settled(act(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

async function derive(key: CryptoKey): Promise<Uint8Array> {
  const algorithm = { name: 'HKDF', hash: 'SHA-512', salt: new Uint8Array(), info: INFO };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, SECRET_BITS));
}

function isKept(value: unknown): value is KeptKey {
  return typeof value === 'object' && value !== null && 'key' in value && value.key instanceof CryptoKey;
}

/** Makes and keeps a new key, in place of any other account's; answers the 32-byte secret that it derives. */
export async function makeResumeSecret(accountId: string): Promise<Uint8Array> {
  const material = crypto.getRandomValues(new Uint8Array(64));
  const key = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveBits']);
  material.fill(0);
  const kept: KeptKey = { accountId, key };
  await inStore('readwrite', (store) => store.put(kept, NAME));
  return derive(key);
}

/** The secret of the key that is kept, if one is. */
export async function resumeSecret(): Promise<Uint8Array | undefined> {
  const kept = await keptKey();
  return isKept(kept) ? derive(kept.key) : undefined;
}

/**
 * Deletes the key, unless it is another account's by now: that one's page wants it still. A browser without IndexedDB
 * has kept none.
 */
export async function forgetResumeKey(accountId: string): Promise<void> {
  try {
    const kept = await keptKey();
    if (isKept(kept) && kept.accountId !== accountId) return;
    await inStore('readwrite', (store) => store.delete(NAME));
  } catch {
    // Nothing was kept.
  }
}

function keptKey(): Promise<unknown> {
  return inStore('readonly', (store) => store.get(NAME) as IDBRequest<unknown>);
}
