import { describe, expect, it } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import { mailError } from '../../crypto/errors';
import type { Contact } from '../../crypto/views';
import { Notices } from '../../ui/notices.svelte';
import { personLabel } from '../mailbox/people';
import { ContactActions } from './contact-actions.svelte';
import { Contacts } from './contacts.svelte';

const contact = (name: string, ...addresses: string[]): Contact => ({
  id: '',
  name,
  addresses,
  phones: [],
  organisation: '',
  note: '',
});

async function opened() {
  const service = new FakeClient({ delayMs: 0 });
  const contacts = new Contacts(service, mailError);
  const notices = new Notices();
  const actions = new ContactActions(contacts, notices);
  await contacts.load();
  return { service, contacts, notices, actions };
}

const names = (contacts: Contacts) => contacts.book.contacts.map(({ name }) => name);

describe('contacts', () => {
  it('are saved, changed and deleted, each with a way back', async () => {
    const { contacts, notices, actions } = await opened();
    const undo = async () => {
      notices.list.at(-1)?.action?.run();
      await expect.poll(() => actions.isBusy).toBe(false);
    };
    const bob = await actions.save(undefined, contact('Bob', 'bob@localhost'));
    expect(names(contacts)).toEqual(['Bob']);
    await undo();
    await expect.poll(() => names(contacts)).toEqual([]);
    if (!bob) throw new Error('not saved');
    await actions.save(undefined, bob);
    await actions.save(bob, { ...bob, name: 'Robert' });
    expect(names(contacts)).toEqual(['Robert']);
    await undo();
    await expect.poll(() => names(contacts)).toEqual(['Bob']);
    await actions.remove([bob.id]);
    expect(names(contacts)).toEqual([]);
    await undo();
    await expect.poll(() => names(contacts)).toEqual(['Bob']);
  });

  it('keep what went wrong for the form', async () => {
    const { contacts, notices, actions } = await opened();
    expect(await actions.save(undefined, contact(''))).toBeUndefined();
    expect(actions.error?.field).toBe('name');
    actions.settle();
    expect([actions.error, notices.list.length, names(contacts)]).toEqual([undefined, 0, []]);
  });

  it('are found, and narrowed to a group', async () => {
    const { contacts, actions } = await opened();
    const bob = await actions.save(undefined, contact('Bob', 'bob@localhost'));
    await actions.save(undefined, contact('Bea', 'bea@example.org'));
    const group = await actions.saveGroup({ id: undefined, name: 'Choir', add: [bob?.id ?? ''], remove: [] });
    const shown = (id?: string) => contacts.shown(id).map(({ name }) => name);
    expect(shown(group?.id)).toEqual(['Bob']);
    await contacts.search('example');
    expect([shown(), shown(group?.id)]).toEqual([['Bea'], []]);
    await contacts.search('');
    expect(shown()).toEqual(['Bea', 'Bob']);
    expect(contacts.withAddress('BOB@localhost')?.id).toBe(bob?.id);
  });

  it('give people their names in lists of mail, until the account is left', async () => {
    const { contacts, actions } = await opened();
    const person = { name: 'B.', address: 'Bob@localhost' };
    expect(personLabel(person)).toBe('B.');
    await actions.save(undefined, contact('Bob of the boats', 'bob@localhost'));
    expect(personLabel(person)).toBe('Bob of the boats');
    contacts.clear();
    expect(personLabel(person)).toBe('B.');
  });

  it('are read anew when the worker hears of a change, and only then', async () => {
    const { service, contacts } = await opened();
    const asked = () => service.calls.filter((call) => call === 'addressBook').length;
    contacts.follow(1);
    const before = asked();
    contacts.follow(1);
    expect(asked()).toBe(before);
    service.people.save(contact('Bob'));
    contacts.follow(2);
    await expect.poll(() => names(contacts)).toEqual(['Bob']);
  });

  it('tell what became of a file, and take it back', async () => {
    const { contacts, actions } = await opened();
    await actions.import(new File(['FN:Ann\nFN:Ben\n'], 'people.vcf'));
    expect(actions.imported?.added).toHaveLength(2);
    expect(names(contacts)).toEqual(['Ann', 'Ben']);
    if (actions.imported) await actions.undoImport(actions.imported);
    expect([actions.imported, names(contacts)]).toEqual([undefined, []]);
  });

  it('remember who is verified', async () => {
    const { contacts } = await opened();
    await contacts.markVerified('bob@localhost', 'A1B2', true);
    expect(contacts.isVerified('Bob@LOCALHOST')).toBe(true);
    await contacts.markVerified('bob@localhost', 'A1B2', false);
    expect(contacts.isVerified('bob@localhost')).toBe(false);
  });
});
