import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OpenAccount } from './open-account';
import type { MailClient } from './wasm/smail_crypto_wasm';

/** Hears of nothing. */
class Silence {
  addEventListener(): void {
    // Nothing comes.
  }
  close(): void {
    // Nothing was open.
  }
}

const calls = () => ({
  account: () => ({ id: 'a'.repeat(32) }),
  folders: vi.fn(() => Promise.resolve([{ id: 'inbox' }])),
  beginInbox: vi.fn(() => Promise.resolve()),
  free: vi.fn(),
});

function opened(client: ReturnType<typeof calls>): OpenAccount {
  return new OpenAccount(
    client as unknown as MailClient,
    () => undefined,
    () => undefined,
  );
}

beforeEach(() => void vi.stubGlobal('EventSource', Silence));
afterEach(() => void vi.unstubAllGlobals());

test('what is looked at first is asked for when the account opens, once', async () => {
  const client = calls();
  const account = opened(client);
  expect(client.folders).toHaveBeenCalledOnce();
  expect(client.beginInbox).toHaveBeenCalledOnce();
  expect(await account.folders()).toEqual([{ id: 'inbox' }]);
  expect(client.folders).toHaveBeenCalledOnce();
  await account.folders();
  expect(client.folders).toHaveBeenCalledTimes(2);
  account.close();
});

test('folders that do not come are told of once, and asked for anew by who asks again', async () => {
  const client = calls();
  client.folders.mockRejectedValueOnce(new Error('offline'));
  client.beginInbox.mockRejectedValueOnce(new Error('offline'));
  const account = opened(client);
  await expect(account.folders()).rejects.toThrow('offline');
  expect(client.folders).toHaveBeenCalledOnce();
  expect(await account.folders()).toEqual([{ id: 'inbox' }]);
  account.close();
});
