import { octetsOf, valueOf } from './answers';
import { DeviceSeal, type Octets } from './device-seal';
import { done, openDatabase, settled } from './idb';

/**
 * What a client needs to open the account without the server: the answers that a session begins with, among them the envelope of
 * the account key. Kept only where the person has chosen to have mail open without a network; sealed under the browser's
 * resume key. See decision 0031.
 */
export interface StartAnswers {
  /** The account's view, with the place in the account's order that the session began at. */
  account: unknown;
  server: unknown;
  state: unknown;
}

/** The database of the resume key. */
const DATABASE = 's-mail';
const STORE = 'keys';
const RESUME = 'resume';
const CHOICE = 'offline';
const START = 'start';
const LABEL = 's-mail/v1/offline-start';

interface Kept {
  accountId: string;
}

interface KeptStart extends Kept {
  sealed: Octets;
}

/** Whether the person has chosen that mail opens on this device without a network. */
export async function keepsMail(accountId: string): Promise<boolean> {
  const choice = await read<Kept>(CHOICE).catch(() => undefined);
  return choice?.accountId === accountId;
}

export function chooseToKeep(accountId: string): Promise<void> {
  return write((store) => store.put({ accountId } satisfies Kept, CHOICE));
}

/** Takes the choice back, and with it what was kept to start from: an account's, or whoever's it is. */
export async function forgetStart(accountId?: string): Promise<void> {
  try {
    const kept = (await read<Kept>(CHOICE)) ?? (await read<Kept>(START));
    // Another account's page wants its own still.
    if (!kept || (accountId !== undefined && kept.accountId !== accountId)) return;
    await write((store) => {
      store.delete(START);
      store.delete(CHOICE);
    });
  } catch {
    // A browser without IndexedDB has kept none.
  }
}

export async function keepStart(accountId: string, answers: StartAnswers): Promise<void> {
  const seal = await sealOf(accountId);
  if (!seal) return;
  const sealed = await seal.seal(accountId, octetsOf(answers));
  await write((store) => store.put({ accountId, sealed } satisfies KeptStart, START));
}

/** What was kept, if it opens. */
export async function keptStart(): Promise<StartAnswers | undefined> {
  try {
    const kept = await read<KeptStart>(START);
    if (!kept || !(await keepsMail(kept.accountId))) return undefined;
    const seal = await sealOf(kept.accountId);
    const octets = await seal?.open(kept.accountId, kept.sealed);
    return octets && (valueOf(octets) as StartAnswers | undefined);
  } catch {
    return undefined;
  }
}

async function sealOf(accountId: string): Promise<DeviceSeal | undefined> {
  const kept = await read<Kept & { key: CryptoKey }>(RESUME);
  return kept?.accountId === accountId ? DeviceSeal.ofKey(kept.key, LABEL) : undefined;
}

async function read<Value>(name: string): Promise<Value | undefined> {
  const database = await openKeys();
  try {
    const store = database.transaction(STORE).objectStore(STORE);
    return await settled(store.get(name) as IDBRequest<Value | undefined>);
  } finally {
    database.close();
  }
}

async function write(act: (store: IDBObjectStore) => unknown): Promise<void> {
  const database = await openKeys();
  try {
    const transaction = database.transaction(STORE, 'readwrite');
    act(transaction.objectStore(STORE));
    await done(transaction);
  } finally {
    database.close();
  }
}

function openKeys(): Promise<IDBDatabase> {
  return openDatabase(DATABASE, (database) => database.createObjectStore(STORE));
}
