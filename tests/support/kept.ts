/** What a page keeps in its browser. */
import type { Ui } from './ui/ui.ts';

/** Every value in every database of this page's IndexedDB. */
export async function keptValues(ui: Ui): Promise<number> {
  return (await look(ui)).values;
}

/** Everything that this page's browser keeps for it, names and keys with it, octet by octet. */
export async function dump(ui: Ui): Promise<Buffer> {
  return Buffer.from((await look(ui)).base64, 'base64');
}

function look(ui: Ui): Promise<{ values: number; base64: string }> {
  return ui.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('no reason given'));
      });
    // What was deleted since it was listed is not made anew by looking into it.
    const openIfThere = (name: string) => {
      const request = indexedDB.open(name);
      let isGone = false;
      request.onupgradeneeded = () => {
        isGone = true;
        request.transaction?.abort();
      };
      return settled(request).catch((error: unknown) => {
        if (!isGone) throw error;
        return undefined;
      });
    };
    let count = 0;
    const parts: BlobPart[] = [];
    const take = (value: unknown): void => {
      if (value instanceof Uint8Array) parts.push(value as Uint8Array<ArrayBuffer>, '\n');
      else if (value instanceof ArrayBuffer) take(new Uint8Array(value));
      else if (typeof value === 'object' && value !== null) {
        for (const [key, part] of Object.entries(value)) [key, part].forEach(take);
      } else parts.push(String(value), '\n');
    };
    for (const { name } of await indexedDB.databases()) {
      const database = await openIfThere(name ?? '');
      if (!database) continue;
      take(name);
      for (const storeName of database.objectStoreNames) {
        const store = database.transaction(storeName).objectStore(storeName);
        const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
        [...keys, ...values].forEach(take);
        count += values.length;
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const { url } of await cache.keys()) take(url);
    }
    [localStorage, sessionStorage].forEach((storage) => take({ ...storage }));
    const octets = new Uint8Array(await new Blob(parts).arrayBuffer());
    let text = '';
    for (let at = 0; at < octets.length; at += 0x8000) {
      text += String.fromCharCode(...octets.subarray(at, at + 0x8000));
    }
    return { values: count, base64: btoa(text) };
  });
}
