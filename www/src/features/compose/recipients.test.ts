import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import { mailError } from '../../crypto/errors';
import type { RecipientStatus } from '../../crypto/views';
import { RecipientField, stand, told, trouble } from './recipients.svelte';

describe('RecipientField', () => {
  let service: FakeClient;
  let field: RecipientField;
  const changed = vi.fn();

  beforeEach(() => {
    changed.mockClear();
    service = new FakeClient({ delayMs: 0 });
    field = new RecipientField('to', service, mailError, changed);
  });

  async function looked(text: string): Promise<(string | undefined)[]> {
    field.typing = text;
    field.commit();
    await vi.waitFor(() => expect(field.list.every(({ lookUp }) => lookUp.kind !== 'checking')).toBe(true));
    return field.list.map(trouble);
  }

  it('says of each address whether it can be written to', async () => {
    expect(await looked('bob, zzz, x@example.org')).toEqual([
      undefined,
      'Nobody here is called zzz.',
      'x@example.org is on another server, which cannot be reached yet.',
    ]);
    expect(field.typing).toBe('');
    expect(changed).toHaveBeenCalled();
  });

  it('tells of a few of many, and of each changed key', async () => {
    const strangers = Array.from({ length: 12 }, (_, at) => `x${at}@example.org`);
    await looked(['bob', ...strangers, 'carol'].join(', '));
    const carol = field.list.at(-1);
    if (carol?.lookUp.kind !== 'known') throw new Error('carol is not known');
    carol.lookUp = { kind: 'known', status: { ...carol.lookUp.status, state: 'changed-key' } };
    const { told: of, more } = told(field.list);
    expect(of.map(({ typed }) => typed)).toEqual([...strangers.slice(0, 5), 'carol']);
    expect(more).toBe(7);
  });

  it('takes an address once', async () => {
    await looked('bob, BOB');
    expect(field.typed).toEqual(['bob']);
  });

  it('takes an address once that was typed in two ways', async () => {
    await looked('bob, carol');
    await looked('bob@localhost, zzz');
    expect(field.typed).toEqual(['bob', 'carol', 'zzz']);
  });

  it('takes what completes a name only if nobody has that name', async () => {
    for (const [text, typed] of [
      ['bob', ['bob']],
      ['da', ['dave@localhost']],
    ] as const) {
      field.set([]);
      field.typing = text;
      field.commit(['dave@localhost']);
      await vi.waitFor(() => expect(field.list.map(stand)).toEqual(['ready']));
      expect(field.typed).toEqual(typed);
    }
  });

  it('says when nobody could be asked, and asks again', async () => {
    service.failNext('lookUp', { code: 'offline', message: 'No connection.' });
    expect(await looked('bob')).toEqual(['bob could not be looked up. No connection.']);
    await field.check();
    expect(field.list.map(trouble)).toEqual([undefined]);
  });

  it('keeps what was asked last, whichever answer comes first', async () => {
    const answers: ((state: 'ready' | 'unknown') => void)[] = [];
    service.lookUp = ([typed = '']) =>
      new Promise((resolve) =>
        answers.push((state) => resolve([{ typed, state, text: state } as RecipientStatus])),
      );
    field.typing = 'bob,';
    field.commit();
    field.remove('bob');
    field.typing = 'bob,';
    field.commit();
    answers[1]?.('ready');
    await vi.waitFor(() => expect(field.list.map(stand)).toEqual(['ready']));
    answers[0]?.('unknown');
    await Promise.resolve().then();
    expect(field.list.map(stand)).toEqual(['ready']);
  });

  it('keeps what is known of a recipient while it is asked again', async () => {
    await looked('zzz');
    const before = field.list.map(trouble);
    const asked = field.check(() => true);
    expect(field.list.map(trouble)).toEqual(before);
    await asked;
    expect(field.list.map(trouble)).toEqual(before);
  });

  it('does not ask when nothing was typed', () => {
    field.typing = ' , ';
    field.commit();
    expect(service.calls).toEqual([]);
  });
});
