import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import { mailError } from '../../crypto/errors';
import type { MessageRow } from '../../crypto/views';
import { Mailbox } from './mailbox.svelte';

describe('Mailbox', () => {
  let service: FakeClient;
  let mailbox: Mailbox;

  beforeEach(async () => {
    service = new FakeClient({ delayMs: 0 });
    mailbox = new Mailbox(service, mailError);
    await mailbox.open('inbox');
  });

  function first(): MessageRow {
    const row = mailbox.list('inbox')?.rows[0];
    if (!row) throw new Error('the inbox is empty');
    return row;
  }

  it('loads a folder once', async () => {
    await mailbox.open('inbox');
    expect(service.calls.filter((name) => name === 'list')).toHaveLength(1);
  });

  it('moves a message from list to list', async () => {
    await mailbox.open('archive');
    const row = first();
    await mailbox.move(row, 'archive');
    expect(mailbox.list('inbox')?.find(row.id)).toBeUndefined();
    expect(mailbox.list('archive')?.find(row.id)).toBeDefined();
  });

  it('brings a message back whose move failed', async () => {
    const row = first();
    service.failNext('moveTo', { code: 'offline', message: 'No connection.' });
    await expect(mailbox.move(row, 'trash')).rejects.toMatchObject({ code: 'offline' });
    expect(mailbox.list('inbox')?.find(row.id)).toBeDefined();
  });

  it('counts a message as unread again', async () => {
    const row = first();
    const before = mailbox.folder('inbox')?.unread ?? 0;
    await mailbox.setFlags(row, { unread: !row.unread });
    expect(mailbox.folder('inbox')?.unread).toBe(before + (row.unread ? -1 : 1));
  });

  it('takes what a synchronisation brought', () => {
    const row = first();
    mailbox.apply({ changed: [], removed: [row.id], folders: mailbox.folders, accountChanged: false });
    expect(mailbox.list('inbox')?.find(row.id)).toBeUndefined();
  });

  it('loads what could not be loaded when the server is reached again', async () => {
    service.failNext('list', { code: 'offline', message: 'No connection.' });
    await mailbox.open('archive');
    expect(mailbox.list('archive')?.phase.kind).toBe('failed');
    await mailbox.loadFailed();
    expect(mailbox.list('archive')?.phase.kind).toBe('ready');

    const other = new Mailbox(service, mailError);
    service.failNext('folders', { code: 'offline', message: 'No connection.' });
    await other.open('inbox');
    expect(other.error).toBeDefined();
    await other.loadFailed();
    expect(other.error).toBeUndefined();
    expect(other.list('inbox')?.phase.kind).toBe('ready');
  });

  it('forgets everything', () => {
    mailbox.clear();
    expect(mailbox.folders).toEqual([]);
    expect(mailbox.list('inbox')).toBeUndefined();
  });
});
