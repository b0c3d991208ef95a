import { beforeEach, describe, expect, it, vi } from 'vitest';
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

  it('shows a folder that is come back to at once, and brings it up to date', async () => {
    const list = mailbox.list('inbox');
    const before = list?.count ?? 0;
    service.mail = service.mail.filter((message) => message.row.id !== first().id);
    const opening = mailbox.open('inbox');
    expect(mailbox.list('inbox')).toBe(list);
    expect([list?.phase.kind, list?.count]).toEqual(['ready', before]);
    await opening;
    expect(list?.count).toBe(before - 1);
  });

  it('takes a message from list to list', async () => {
    const row = first();
    mailbox.put({ ...row, folderId: 'folder-archive' });
    expect(mailbox.list('inbox')?.find(row.id)).toBeUndefined();
    await service.organise([row.id], { kind: 'archive' }, undefined);
    await mailbox.open('archive');
    expect(mailbox.list('archive')?.find(row.id)).toBeDefined();
    mailbox.put(row);
    await service.organise([row.id], { kind: 'move', folderId: row.folderId }, undefined);
    await mailbox.open('inbox');
    expect(mailbox.list('inbox')?.find(row.id)).toBeDefined();
  });

  it('asks where a row stands that has come', async () => {
    const row = first();
    service.mail = service.mail.map((message) =>
      message.row.id === row.id ? { ...message, row: { ...row, id: 'new' } } : message,
    );
    mailbox.put({ ...row, id: 'new' });
    await vi.waitFor(() => expect(first().id).toBe('new'));
  });

  it('lists a folder that the person has made, and a label', async () => {
    const folder = await service.makeFolder('Work', undefined);
    const label = await service.makeLabel('Urgent', 'red');
    await mailbox.loadFolders();
    const row = first();
    mailbox.put({ ...row, folderId: folder.id, labels: [label.id] });
    await service.organise([row.id], { kind: 'label', labelId: label.id }, undefined);
    await mailbox.open(`folder/${folder.id}`);
    await mailbox.open(`label/${label.id}`);
    expect(mailbox.list(`label/${label.id}`)?.rows.map(({ id }) => id)).toEqual([row.id]);
    await mailbox.open(`folder/${'f'.repeat(32)}`);
    expect(mailbox.list(`folder/${'f'.repeat(32)}`)).toBeUndefined();
  });

  it('keeps the selection through live updates, but for what has left', () => {
    const rows = mailbox.list('inbox')?.rows ?? [];
    const [one, two, three] = rows;
    if (!one || !two || !three) throw new Error('the inbox is too small');
    mailbox.selection.addAll([one.id, two.id, three.id]);
    mailbox.apply({
      changed: [
        { ...one, starred: true },
        { ...two, folderId: 'folder-archive' },
      ],
      removed: [three.id],
      folders: mailbox.folders,
      labels: [],
      contactsVersion: 0,
      accountChanged: false,
    });
    expect(mailbox.selection.ids).toEqual([one.id]);
  });

  it('takes what a synchronisation brought', () => {
    const row = first();
    mailbox.apply({
      changed: [],
      removed: [row.id],
      folders: mailbox.folders,
      labels: [],
      contactsVersion: 0,
      accountChanged: false,
    });
    expect(mailbox.list('inbox')?.find(row.id)).toBeUndefined();
  });

  it('loads what could not be loaded when the server is reached again', async () => {
    service.failNext('listRange', { code: 'offline', message: 'No connection.' });
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
