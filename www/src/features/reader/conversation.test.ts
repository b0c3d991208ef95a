import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import { mailError } from '../../crypto/errors';
import { Conversation } from './conversation.svelte';

describe('Conversation', () => {
  let service: FakeClient;
  let conversation: Conversation;
  let ids: string[];

  beforeEach(() => {
    service = new FakeClient({ delayMs: 0 });
    conversation = new Conversation(service, mailError);
    // Oldest first; of these the last two are unread.
    ids = [6, 3, 2, 1, 0].map((at) => service.idOf('inbox', at));
    service.conversations = [ids];
  });

  const id = (at: number) => ids[at] ?? '';
  const shown = (rows: { id: string }[]) => rows.map((row) => row.id);

  it('shows the messages around the one that was asked for', async () => {
    await conversation.show(id(1));
    expect(shown(conversation.before)).toEqual(ids.slice(0, 1));
    expect(shown(conversation.after)).toEqual(ids.slice(2));
  });

  it('opens what is unread and folds the rest', async () => {
    await conversation.show(id(1));
    await vi.waitFor(() => expect(conversation.reader(id(3))?.state.kind).toBe('open'));
    expect(conversation.reader(id(4))?.state.kind).toBe('open');
    expect(conversation.reader(id(0))).toBeUndefined();
    expect(conversation.reader(id(2))).toBeUndefined();
  });

  it('opens and folds a message', async () => {
    await conversation.show(id(4));
    await conversation.toggle(id(0));
    expect(conversation.reader(id(0))?.state.kind).toBe('open');
    await conversation.toggle(id(0));
    expect(conversation.reader(id(0))).toBeUndefined();
  });

  it('leaves a message folded that comes while it is looked at', async () => {
    service.conversations = [ids.slice(0, 4)];
    await conversation.show(id(2));
    service.conversations = [ids];
    await conversation.refresh();
    expect(shown(conversation.after)).toEqual(ids.slice(3));
    expect(conversation.reader(id(4))).toBeUndefined();
  });

  it('is of the message that was asked for last', async () => {
    const first = conversation.show(id(0));
    await conversation.show(id(4));
    await first;
    expect(conversation.after).toEqual([]);
    conversation.close();
    expect(conversation.before).toEqual([]);
  });
});
