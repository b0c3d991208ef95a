import type { MailCalls } from '../src/crypto/mail-service';
import type {
  AddressBook,
  CardImport,
  Contact,
  ContactGroup,
  ContactKey,
  GroupChange,
  RecipientStatus,
  Suggestion,
} from '../src/crypto/views';
import { recipientStatus } from './fake-directory';
import { FakeContacts, SAFETY_NUMBER } from './fake-contacts';

/** The calls of the mail service that are about people. */
export abstract class FakeContactCalls {
  /** Addresses whose changed keys were accepted. */
  readonly accepted = new Set<string>();
  readonly people = new FakeContacts();

  async addressBook(): Promise<AddressBook> {
    await this.begin('addressBook');
    return this.people.book();
  }

  async findContacts(typed: string): Promise<string[]> {
    await this.begin('findContacts');
    return this.people.find(typed);
  }

  async saveContact(_base: Contact | undefined, next: Contact): Promise<Contact> {
    await this.begin('saveContact');
    return this.people.save(next);
  }

  async removeContacts(ids: string[]): Promise<Contact[]> {
    await this.begin('removeContacts');
    return this.people.remove(ids);
  }

  async saveGroup(change: GroupChange): Promise<ContactGroup> {
    await this.begin('saveGroup');
    return this.people.saveGroup(change);
  }

  async removeGroup(id: string): Promise<ContactGroup | undefined> {
    await this.begin('removeGroup');
    return this.people.removeGroup(id);
  }

  async importContacts(file: Uint8Array<ArrayBuffer>): Promise<CardImport> {
    await this.begin('importContacts');
    return this.people.import(new TextDecoder().decode(file));
  }

  async exportContacts(): Promise<string> {
    await this.begin('exportContacts');
    return this.people.contacts.map(({ name }) => `BEGIN:VCARD\r\nFN:${name}\r\nEND:VCARD\r\n`).join('');
  }

  async suggest(typed: string, taken: string[]): Promise<Suggestion[]> {
    await this.begin('suggest');
    return this.people.suggest(typed, taken);
  }

  async contactKey(address: string): Promise<ContactKey> {
    await this.begin('contactKey');
    return this.people.key(address, this.accepted);
  }

  async safetyNumber(): Promise<string> {
    await this.begin('safetyNumber');
    return SAFETY_NUMBER;
  }

  async markVerified(address: string, fingerprint: string, verified: boolean): Promise<void> {
    await this.begin('markVerified');
    this.accepted.add(address);
    this.people.markVerified(address, fingerprint, verified);
  }

  async lookUp(addresses: string[]): Promise<RecipientStatus[]> {
    await this.begin('lookUp');
    return addresses.map((typed) => recipientStatus(typed, this.accepted));
  }

  async acceptChangedKey(address: string): Promise<void> {
    await this.begin('acceptChangedKey');
    this.accepted.add(address);
  }

  /** Every call begins with this. */
  protected abstract begin(name: keyof MailCalls): Promise<void>;
}
