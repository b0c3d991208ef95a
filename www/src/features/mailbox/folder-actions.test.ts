import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import { mailError } from '../../crypto/errors';
import { Notices } from '../../ui/notices.svelte';
import { MessageActions } from './actions.svelte';
import { FolderActions } from './folder-actions.svelte';
import { Mailbox } from './mailbox.svelte';

describe('FolderActions', () => {
  let service: FakeClient;
  let mailbox: Mailbox;
  let folders: FolderActions;
  /** The folder or label that is shown. */
  let open: string | undefined;

  beforeEach(async () => {
    service = new FakeClient({ delayMs: 0 });
    mailbox = new Mailbox(service, mailError);
    open = undefined;
    const shared = { service, mailbox, notices: new Notices(), note: mailError };
    const actions = new MessageActions({
      ...shared,
      left: () => {},
      returned: () => {},
      snoozed: () => {},
    });
    folders = new FolderActions({
      ...shared,
      actions,
      gone: (id) => {
        const isShown = id === open;
        if (isShown) open = undefined;
        return isShown;
      },
      show: () => {},
    });
    await mailbox.open('inbox');
  });

  it('leaves a folder whose parent is deleted, even if the mailbox hears of that first', async () => {
    const work = await service.makeFolder('Work', undefined);
    const inside = await service.makeFolder('Customers', work.id);
    await mailbox.loadFolders();
    open = inside.id;
    const deleteFolder = service.deleteFolder.bind(service);
    service.deleteFolder = async (id) => {
      await deleteFolder(id);
      await mailbox.loadFolders();
    };
    await folders.deleteFolder(work, { kind: 'gone' });
    expect(folders.error).toBeUndefined();
    expect(mailbox.folders.some(({ id }) => id === inside.id)).toBe(false);
    expect(open).toBeUndefined();
  });
});
