import type { MailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type { AddressBook, Contact, ContactGroup, ContactKey, Suggestion } from '../../crypto/views';
import { setKnownNames } from './known-names.svelte';

const EMPTY: AddressBook = { contacts: [], groups: [], verified: [], damaged: 0 };

/** The address book as the page knows it. */
export class Contacts {
  readonly service: MailService;
  readonly note: (thrown: unknown) => MailError;
  book = $state.raw<AddressBook>(EMPTY);
  isLoaded = $state(false);
  error = $state.raw<MailError | undefined>();
  /** What is looked for, as typed. */
  query = $state('');
  /** The ids that were found for it. */
  #found = $state.raw<readonly string[] | undefined>();
  /** What the worker said last of how new the book is. */
  #version: number | undefined;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
  readonly #byId = $derived(new Map(this.book.contacts.map((contact) => [contact.id, contact])));
  readonly #byAddress = $derived(
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
    new Map(
      this.book.contacts.flatMap((contact) =>
        contact.addresses.map((address) => [address.toLowerCase(), contact] as const),
      ),
    ),
  );
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
  readonly #verified = $derived(new Set(this.book.verified));

  constructor(service: MailService, note: (thrown: unknown) => MailError) {
    this.service = service;
    this.note = note;
  }

  async load(): Promise<void> {
    try {
      const book = await this.service.addressBook();
      this.book = book;
      this.isLoaded = true;
      this.error = undefined;
      setKnownNames(book.contacts);
      await this.#find();
    } catch (thrown) {
      this.error = this.note(thrown);
    }
  }

  /** The worker has heard from the server; the book may be another now. */
  follow(version: number): void {
    const isOther = this.#version !== version;
    this.#version = version;
    if (isOther && this.isLoaded) void this.load();
  }

  /** Forgets everything: another account may be next. */
  clear(): void {
    this.book = EMPTY;
    this.isLoaded = false;
    this.error = undefined;
    this.query = '';
    this.#found = undefined;
    this.#version = undefined;
    setKnownNames([]);
  }

  async search(query: string): Promise<void> {
    this.query = query;
    await this.#find();
  }

  contact(id: string | undefined): Contact | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  group(id: string | undefined): ContactGroup | undefined {
    return this.book.groups.find((group) => group.id === id);
  }

  groupsOf(contactId: string): ContactGroup[] {
    return this.book.groups.filter(({ members }) => members.includes(contactId));
  }

  withAddress(address: string): Contact | undefined {
    return this.#byAddress.get(address.toLowerCase());
  }

  isVerified(address: string): boolean {
    return this.#verified.has(address.toLowerCase());
  }

  /** Those of a group, or all, that fit what is looked for. */
  shown(groupId: string | undefined): Contact[] {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
    const found = this.#found === undefined ? undefined : new Set(this.#found);
    const group = this.group(groupId);
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
    const members = groupId === undefined ? undefined : new Set(group?.members);
    return this.book.contacts.filter(
      ({ id }) => (found === undefined || found.has(id)) && (members === undefined || members.has(id)),
    );
  }

  /** Who may be meant by what is being typed; nobody when that cannot be told. */
  async suggest(typed: string, taken: string[]): Promise<Suggestion[]> {
    return this.service.suggest(typed, taken).catch(() => []);
  }

  key(address: string): Promise<ContactKey> {
    return this.service.contactKey(address);
  }

  async markVerified(address: string, fingerprint: string, verified: boolean): Promise<void> {
    await this.service.markVerified(address, fingerprint, verified);
    await this.load();
  }

  async #find(): Promise<void> {
    const { query } = this;
    const found = query.trim() === '' ? undefined : await this.service.findContacts(query);
    // Meanwhile more may have been typed.
    if (query === this.query) this.#found = found;
  }
}

/** What to call a contact. */
export function contactLabel({ name, addresses }: Pick<Contact, 'name' | 'addresses'>): string {
  return name || (addresses[0] ?? '');
}
