import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import { MailError, mailError } from '../../crypto/errors';
import { MessageContent } from './message-content.svelte';
import { Reader } from './reader.svelte';

describe('Reader', () => {
  let service: FakeClient;
  let reader: Reader;

  beforeEach(async () => {
    service = new FakeClient({ delayMs: 0 });
    await service.logIn({ username: 'alice', password: 'x' }, () => {});
    reader = new Reader(service, mailError);
  });

  it('shows the message that was asked for', async () => {
    const id = service.idOf('inbox', 0);
    await expect(reader.open(id)).resolves.toBe(true);
    expect(reader.state).toMatchObject({ kind: 'open', id });
  });

  it('drops what arrives after another message was asked for', async () => {
    const [first, second] = [service.idOf('inbox', 0), service.idOf('inbox', 1)];
    const slow = reader.open(first);
    const quick = reader.open(second);
    await expect(slow).resolves.toBe(false);
    await expect(quick).resolves.toBe(true);
    expect(reader.state).toMatchObject({ kind: 'open', id: second });
  });

  it('says why a message cannot be shown', async () => {
    service.failNext('read', { code: 'decrypt-tampered', message: 'Changed on its way.' });
    await reader.open(service.idOf('inbox', 0));
    expect(reader.state).toMatchObject({
      kind: 'failed',
      error: new MailError({ code: 'decrypt-tampered', message: 'Changed on its way.' }),
    });
  });

  it('keeps a sender whose pictures are always shown, and takes it back', async () => {
    const said: string[] = [];
    reader = new Reader(service, mailError, (sentence) => said.push(sentence));
    await reader.open(service.idOf('inbox', 0));
    for (const [answer, kept] of [
      ['show', ['bob@localhost']],
      ['ask', []],
    ] as const) {
      if (reader.state.kind !== 'open') throw new Error('nothing is open');
      await reader.alwaysShow(new MessageContent(service, reader.state.message));
      expect(reader.state).toMatchObject({ kind: 'open', message: { remoteContent: answer } });
      expect(await service.remoteContentSenders()).toEqual(kept);
    }
    expect(said).toHaveLength(2);
    service.failNext('showRemoteContent', { code: 'state-full', message: 'There is no room.' });
    if (reader.state.kind === 'open')
      await reader.alwaysShow(new MessageContent(service, reader.state.message));
    expect(said.at(-1)).toBe('There is no room.');
  });
});
