import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { DeviceSeal, type Octets } from './device-seal';
import { DeviceStore } from './device-store';

const ALICE = 'a11ce';

function seal(first = 1): Promise<DeviceSeal> {
  return DeviceSeal.ofSecret(new Uint8Array(32).fill(first), 'test');
}

function octets(text: string): Octets {
  return new TextEncoder().encode(text);
}

async function open(limitBytes?: number): Promise<DeviceStore> {
  const store = await DeviceStore.open(ALICE, await seal(), limitBytes);
  if (!store) throw new Error('no store');
  return store;
}

async function read(store: DeviceStore, name: string): Promise<string | undefined> {
  const kept = await store.get(name);
  return kept && new TextDecoder().decode(kept);
}

async function everything(): Promise<string> {
  const request = indexedDB.open(`s-mail-cache-${ALICE}`);
  const database = await new Promise<IDBDatabase>((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });
  const stores = [...database.objectStoreNames];
  const values = await Promise.all(
    stores.map((name) => {
      const store = database.transaction(name).objectStore(name);
      return Promise.all(
        ([store.getAll(), store.getAllKeys()] as IDBRequest<unknown[]>[]).map(
          (asked) =>
            new Promise<unknown[]>((resolve) => {
              asked.onsuccess = () => resolve(asked.result);
            }),
        ),
      );
    }),
  );
  database.close();
  const text = (value: unknown): string =>
    value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : JSON.stringify(value);
  return values.flat(2).map(text).join('\n');
}

afterEach(async () => {
  vi.useRealTimers();
  await DeviceStore.forget(ALICE);
});

test('what is kept comes back, and neither it nor its name can be read on the disk', async () => {
  const store = await open();
  await store.keep({ name: 'path of bob', octets: octets('a letter to bob') });
  expect(await read(store, 'path of bob')).toBe('a letter to bob');
  store.close();
  const again = await open();
  expect(await read(again, 'path of bob')).toBe('a letter to bob');
  again.close();
  expect(await everything()).not.toContain('bob');
});

test('a record that was altered, moved or sealed by another key is none', async () => {
  const store = await open();
  await store.keep({ name: 'one', octets: octets('1') }, { name: 'other', octets: octets('2') });
  store.close();
  const strange = await DeviceStore.open(ALICE, await seal(2));
  expect(await strange?.get('one')).toBeUndefined();
  strange?.close();

  const [here, there] = await Promise.all(['one', 'other'].map(async (name) => (await seal()).place(name)));
  const sealed = await (await seal()).seal(here ?? '', octets('1'));
  const moved = await (await seal()).open(there ?? '', sealed);
  expect(moved).toBeUndefined();
  sealed[20] = (sealed[20] ?? 0) ^ 1;
  expect(await (await seal()).open(here ?? '', sealed)).toBeUndefined();
});

test('what was used longest ago goes first when there is too much', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const store = await open(10_000);
  const large = (name: string) => ({ name, octets: new Uint8Array(3_000) });
  for (const [minute, name] of ['first', 'second', 'third'].entries()) {
    vi.setSystemTime(minute * 60_000);
    await store.keep(large(name));
  }
  vi.setSystemTime(60 * 60_000);
  expect(await store.get('first')).toBeDefined();
  await vi.waitFor(async () => {
    vi.setSystemTime(61 * 60_000);
    await store.keep(large('fourth'));
    expect(await store.get('second')).toBeUndefined();
  });
  expect(await store.get('first')).toBeDefined();
  expect(await store.get('fourth')).toBeDefined();
  expect(store.bytes).toBeLessThanOrEqual(10_000);
  store.close();
});

test('a store that another tab deleted keeps nothing and fails at nothing', async () => {
  const store = await open();
  await store.keep({ name: 'one', octets: octets('1') });
  await DeviceStore.forget(ALICE);
  expect(await store.get('one')).toBeUndefined();
  await store.keep({ name: 'one', octets: octets('1') });
  expect(await indexedDB.databases()).toEqual([]);
});
