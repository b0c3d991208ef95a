import { DeviceStore } from './device-store';
import { OutboxStore } from './outbox-store';
import { forgetStart } from './start-record';

const CACHE = /^s-mail-cache-(.+)$/;

/**
 * Deletes what is kept of an account on this device, or of all accounts: the mail and what opens it without a network. The outbox, which the
 * account's own key alone opens, goes only when the person leaves: what was to be sent is not lost with a session.
 */
export async function forgetDevice(accountId?: string, { outbox = false } = {}): Promise<void> {
  const accountIds = accountId === undefined ? await keptAccounts() : [accountId];
  await forgetStart(accountId);
  await Promise.all(
    accountIds.map(async (id) => {
      await DeviceStore.forget(id);
      if (outbox) await OutboxStore.forget(id);
    }),
  );
}

async function keptAccounts(): Promise<string[]> {
  try {
    const databases = await indexedDB.databases();
    return databases.flatMap(({ name = '' }) => CACHE.exec(name)?.[1] ?? []);
  } catch {
    return []; // a browser that keeps nothing
  }
}
