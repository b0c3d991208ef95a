import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import { mailError } from '../../crypto/errors';
import { Notices } from '../../ui/notices.svelte';
import { MessageActions } from './actions.svelte';
import { Mailbox } from './mailbox.svelte';

describe('MessageActions', () => {
  let service: FakeClient;
  let mailbox: Mailbox;
  let notices: Notices;
  let actions: MessageActions;
  const left = vi.fn();
  const returned = vi.fn();

  beforeEach(async () => {
    service = new FakeClient({ delayMs: 0 });
    mailbox = new Mailbox(service, mailError);
    notices = new Notices();
    left.mockReset();
    actions = new MessageActions({
      service,
      mailbox,
      notices,
      note: mailError,
      left,
      returned,
      snoozed: () => {},
    });
    await mailbox.open('inbox');
  });

  const ids = (count: number) => (mailbox.list('inbox')?.rows ?? []).slice(0, count).map(({ id }) => id);
  const texts = () => notices.list.map(({ text }) => text);
  const inInbox = (some: string[]) => some.filter((id) => mailbox.list('inbox')?.find(id));

  it('shows at once what is done, and undoes it', async () => {
    const two = ids(2);
    const doing = actions.act(two, { kind: 'archive' });
    expect(inInbox(two)).toEqual([]);
    expect(left).toHaveBeenCalledWith(two);
    await doing;
    expect(texts()).toEqual(['2 messages moved to Archive']);
    notices.list[0]?.action?.run();
    await vi.waitFor(() => expect(texts()).toEqual(['Undone: 2 messages moved to Archive']));
    expect(inInbox(two)).toEqual(two);
    await vi.waitFor(() => expect(returned).toHaveBeenCalledWith(two));
  });

  it('goes on showing what is done when the list is asked for before it is', async () => {
    const two = ids(2);
    const organise = service.organise.bind(service);
    let letGo = () => {};
    service.organise = async (...call: Parameters<typeof organise>) => {
      await new Promise<void>((resolve) => (letGo = resolve));
      return organise(...call);
    };
    const count = mailbox.list('inbox')?.count ?? 0;
    const doing = actions.act(two, { kind: 'archive' });
    await mailbox.refresh();
    expect(inInbox(two)).toEqual([]);
    expect(mailbox.list('inbox')?.count).toBe(count - 2);
    letGo();
    await doing;
    expect(mailbox.list('inbox')?.count).toBe(count - 2);
    await actions.undoLast();
    expect(inInbox(two)).toEqual(two);
  });

  it('offers no undo for what was done to messages that are deleted since', async () => {
    const [one = '', two = ''] = ids(2);
    await actions.act([two], { kind: 'star' });
    await actions.act([one], { kind: 'trash' });
    actions.askToDelete([one]);
    await actions.confirm();
    expect(notices.list.filter(({ action }) => action)).toEqual([]);
    await actions.undoLast();
    expect(mailbox.find(two)?.starred).toBe(false);
    await actions.undoLast();
    expect(texts()).toEqual(['There is nothing to undo']);
  });

  it('undoes what is still under way rather than what was done before it', async () => {
    const [one = '', two = ''] = ids(2);
    await actions.act([one], { kind: 'star' });
    void actions.act([two], { kind: 'trash' });
    await actions.undoLast();
    expect(inInbox([one, two])).toEqual([one, two]);
    expect(mailbox.find(one)?.starred).toBe(true);
  });

  it('undoes what was begun last, whatever was done first', async () => {
    const [one = '', two = ''] = ids(2);
    const organise = service.organise.bind(service);
    let letGo = () => {};
    service.organise = async (...call: Parameters<typeof organise>) => {
      if (call[1].kind === 'star') await new Promise<void>((resolve) => (letGo = resolve));
      return organise(...call);
    };
    void actions.act([one], { kind: 'star' });
    await actions.act([two], { kind: 'trash' });
    letGo();
    await actions.undoLast();
    expect(inInbox([one, two])).toEqual([one, two]);
    expect(mailbox.find(one)?.starred).toBe(true);
  });

  it('undoes the latest first, and says when there is nothing', async () => {
    const [one = ''] = ids(1);
    await actions.act([one], { kind: 'star' });
    await actions.act([one], { kind: 'trash' });
    await actions.undoLast();
    expect(mailbox.list('inbox')?.find(one)?.starred).toBe(true);
    await actions.undoLast();
    expect(mailbox.list('inbox')?.find(one)?.starred).toBe(false);
    await actions.undoLast();
    expect(texts()).toEqual(['There is nothing to undo']);
  });

  it('says which messages it could not be done with, and puts them back', async () => {
    const [one = '', two = ''] = ids(2);
    const subject = mailbox.find(two)?.subject ?? '';
    service.organiser.stuck.add(two);
    await actions.act([one, two], { kind: 'trash' });
    expect(inInbox([one, two])).toEqual([two]);
    expect(texts()).toEqual([
      'Moved to Trash',
      `Not done with “${subject}”. Other sessions keep changing this message.`,
    ]);
  });

  it('puts all back when nothing could be done', async () => {
    const two = ids(2);
    service.failNext('organise', { code: 'offline', message: 'No connection.' });
    await actions.act(two, { kind: 'spam' });
    expect(inInbox(two)).toEqual(two);
    expect(texts()).toEqual(['No connection.']);
  });

  it('works in batches, of which one undo takes back all', async () => {
    const many = Array.from({ length: 120 }, (_, at) => at.toString(16).padStart(32, 'a'));
    const seen: number[] = [];
    const organise = vi.spyOn(service, 'organise').mockImplementation((batch) => {
      seen.push(actions.under?.done ?? -1);
      return Promise.resolve({ rows: [], removed: [], failed: [], undo: 7, left: 0 * batch.length });
    });
    await actions.act(many, { kind: 'read' });
    expect(organise.mock.calls.map(([batch, , group]) => [batch.length, group])).toEqual([
      [50, undefined],
      [50, 7],
      [20, 7],
    ]);
    expect(seen).toEqual([0, 50, 100]);
    expect(actions.under).toBeUndefined();
    expect(texts()).toEqual(['120 messages marked as read']);
  });

  it('does not try the rest without a connection', async () => {
    const many = Array.from({ length: 120 }, (_, at) => at.toString(16).padStart(32, 'a'));
    const failed = [{ id: many[0] ?? '', code: 'offline', message: 'No connection.' }];
    const organise = vi
      .spyOn(service, 'organise')
      .mockResolvedValue({ rows: [], removed: [], failed, undo: undefined, left: 0 });
    await actions.act(many, { kind: 'read' });
    expect(organise).toHaveBeenCalledOnce();
    expect(texts().at(-1)).toContain('and 68 more. No connection.');
  });

  it('asks before it deletes for good', async () => {
    const [one = ''] = ids(1);
    actions.askToDelete([one]);
    expect(actions.question).toMatchObject({ kind: 'delete', subject: mailbox.find(one)?.subject });
    actions.keep();
    expect(inInbox([one])).toEqual([one]);
    actions.askToDelete([one]);
    await actions.confirm();
    expect(inInbox([one])).toEqual([]);
    expect(notices.list.at(-1)).toMatchObject({ text: 'Deleted for good', action: undefined });
  });

  it('brings a deleted folder back with its messages, once nothing is in the way', async () => {
    const work = await service.makeFolder('Work', undefined);
    const two = ids(2);
    await actions.act(two, { kind: 'move', folderId: work.id });
    await mailbox.loadFolders();
    const { failed, group } = await actions.emptyInSteps(work, { kind: 'trash' }, 'Moving');
    expect(failed).toEqual([]);
    await service.deleteFolder(work.id);
    const back = vi.fn();
    actions.tellOfDeleted('Folder deleted', { restore: () => service.restoreFolder(work.id), back }, group);
    service.failNext('restoreFolder', {
      code: 'name-taken',
      message: 'There is one of this name here already.',
    });
    notices.list.at(-1)?.action?.run();
    await vi.waitFor(() => expect(texts()).toContainEqual(expect.stringContaining('has that name by now')));
    expect(back).not.toHaveBeenCalled();
    await actions.undoLast();
    expect(texts()).toContain('Undone: Folder deleted');
    expect(back).toHaveBeenCalledOnce();
    expect(mailbox.folders.map(({ name }) => name)).toContain('Work');
    const place = (id: string) => service.mail.find(({ row }) => row.id === id)?.row.folderId;
    expect(two.map(place)).toEqual([work.id, work.id]);
    await actions.undoLast();
    expect(texts()).toContain('There is nothing to undo');
  });

  it('empties a folder', async () => {
    await actions.act(ids(3), { kind: 'trash' });
    await mailbox.open('trash');
    const trash = mailbox.folder('trash');
    if (!trash) throw new Error('there is no trash');
    actions.askToEmpty(trash);
    await actions.confirm();
    expect(mailbox.list('trash')?.rows).toEqual([]);
    expect(mailbox.folder('trash')?.total).toBe(0);
  });
});
