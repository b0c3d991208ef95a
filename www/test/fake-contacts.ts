import { MailError } from '../src/crypto/errors';
import type {
  AddressBook,
  Contact,
  ContactGroup,
  ContactKey,
  GroupChange,
  CardImport,
  Suggestion,
} from '../src/crypto/views';
import { FINGERPRINT, OTHER_FINGERPRINT, recipientStatus } from './fake-directory';

/** What everybody compares here. */
export const SAFETY_NUMBER = Array.from({ length: 12 }, (_, at) => `${10_001 + at * 7_003}`).join(' ');

/** An address book in memory, for the page's tests. */
export class FakeContacts {
  contacts: Contact[] = [];
  groups: ContactGroup[] = [];
  readonly verified = new Map<string, string>();
  #nextId = 1;

  book(): AddressBook {
    const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);
    return {
      contacts: this.contacts.toSorted(byName),
      groups: this.groups.toSorted(byName),
      verified: [...this.verified.keys()],
      damaged: 0,
    };
  }

  find(typed: string): string[] {
    const word = typed.toLowerCase();
    const found = this.book().contacts.filter((contact) =>
      JSON.stringify(Object.values(contact).slice(1)).toLowerCase().includes(word),
    );
    return found.map(({ id }) => id);
  }

  save(next: Contact): Contact {
    if (!next.name.trim() && next.addresses.length === 0) {
      throw new MailError({ code: 'contact-empty', message: 'Enter a name or an address.', field: 'name' });
    }
    const saved = { ...next, id: next.id || this.#id() };
    this.contacts = [...this.contacts.filter(({ id }) => id !== saved.id), saved];
    return saved;
  }

  remove(ids: string[]): Contact[] {
    const gone = this.contacts.filter(({ id }) => ids.includes(id));
    this.contacts = this.contacts.filter(({ id }) => !ids.includes(id));
    return gone;
  }

  saveGroup({ id, name, add = [], remove = [] }: GroupChange): ContactGroup {
    const known = this.groups.find((group) => group.id === id);
    const members = [...(known?.members ?? []), ...add].filter((member) => !remove.includes(member));
    const group = { id: id ?? this.#id(), name: name ?? known?.name ?? '', members };
    this.groups = [...this.groups.filter((other) => other.id !== group.id), group];
    return group;
  }

  removeGroup(id: string): ContactGroup | undefined {
    const gone = this.groups.find((group) => group.id === id);
    this.groups = this.groups.filter((group) => group !== gone);
    return gone;
  }

  import(file: string): CardImport {
    const names = [...file.matchAll(/^FN:(.*)$/gm)].map(([, name = '']) => name.trim());
    const added = names.map((name) =>
      this.save({ id: '', name, addresses: [], phones: [], organisation: '', note: '' }),
    );
    return {
      added: added.map(({ id }) => id),
      completed: 0,
      skipped: [{ line: 9, name: 'Nobody', reason: 'broken' }],
      skippedCount: 1,
      badAddresses: 0,
      pictures: 0,
    };
  }

  suggest(typed: string, taken: string[]): Suggestion[] {
    const word = typed.toLowerCase();
    const mark = (text: string) => (text ? [{ text, hit: text.toLowerCase().startsWith(word) }] : []);
    const people = this.contacts
      .filter(({ name, addresses }) => `${name} ${addresses.join(' ')}`.toLowerCase().includes(word))
      .map(({ name, addresses }): Suggestion => ({
        kind: 'contact',
        name: mark(name),
        address: mark(addresses[0] ?? ''),
        addresses: addresses.slice(0, 1),
        verified: this.verified.has(addresses[0] ?? ''),
      }));
    const groups = this.groups
      .filter(({ name }) => name.toLowerCase().includes(word))
      .map(({ name, members }): Suggestion => {
        const addresses = this.contacts
          .filter(({ id }) => members.includes(id))
          .flatMap((contact) => contact.addresses.slice(0, 1));
        return { kind: 'group', name: mark(name), address: [], addresses, verified: false };
      });
    return [...people, ...groups].filter(({ addresses }) => addresses.some((one) => !taken.includes(one)));
  }

  key(address: string, accepted: ReadonlySet<string>): ContactKey {
    const status = recipientStatus(address, accepted);
    return {
      address: status.address ?? address,
      state: status.state,
      text: status.text,
      own: false,
      fingerprint: status.fingerprint,
      pinnedFingerprint: status.pinnedFingerprint,
      signsWith: status.fingerprint && 'Ed25519',
      encryptsWith: status.fingerprint && 'ML-KEM-768 with X25519',
      createdMs: 1_790_000_000_000,
      firstSeenMs: 1_791_000_000_000,
      lastSeenMs: 1_792_000_000_000,
      verifiedMs: this.verified.has(address) ? 1_792_500_000_000 : undefined,
      safetyNumber: status.fingerprint && SAFETY_NUMBER,
      former: accepted.has(address)
        ? [{ fingerprint: OTHER_FINGERPRINT, firstSeenMs: 1, lastSeenMs: 2, wasVerified: true }]
        : [],
    };
  }

  markVerified(address: string, fingerprint: string, verified: boolean): void {
    if (verified) this.verified.set(address, fingerprint || FINGERPRINT);
    else this.verified.delete(address);
  }

  #id(): string {
    return (this.#nextId++).toString(16).padStart(12, 'a');
  }
}
