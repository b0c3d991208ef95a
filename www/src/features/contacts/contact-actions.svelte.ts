import type { MailError } from '../../crypto/errors';
import type { Contact, ContactGroup, GroupChange, CardImport } from '../../crypto/views';
import { t } from '../../i18n';
import { errorText } from '../../i18n/error-text';
import type { Notices } from '../../ui/notices.svelte';
import { saveFile } from '../../ui/save-file';
import type { Contacts } from './contacts.svelte';

/** The topic of notices of what was done to contacts. */
const DONE = 'contacts';

/** What is done with contacts and groups, each with a word on it and a way back. */
export class ContactActions {
  readonly #contacts: Contacts;
  readonly #notices: Notices;
  /** Something is being written. */
  isBusy = $state(false);
  error = $state.raw<MailError | undefined>();
  /** What became of the last file. */
  imported = $state.raw<CardImport | undefined>();

  constructor(contacts: Contacts, notices: Notices) {
    this.#contacts = contacts;
    this.#notices = notices;
  }

  /** Makes a contact, or changes it from what it was; the contact, if that worked. */
  async save(base: Contact | undefined, next: Contact): Promise<Contact | undefined> {
    const saved = await this.#run(() => this.#service.saveContact(base, next));
    if (!saved) return undefined;
    const undo = base
      ? () => this.#quietly(() => this.#service.saveContact(saved, base))
      : () => this.#quietly(() => this.#service.removeContacts([saved.id]));
    this.#say(t('contacts:saved'), undo);
    return saved;
  }

  async remove(ids: string[]): Promise<boolean> {
    const gone = await this.#run(() => this.#service.removeContacts(ids));
    if (!gone) return false;
    this.#say(t('contacts:deleted', { count: gone.length }), () =>
      this.#quietly(async () => {
        for (const contact of gone) await this.#service.saveContact(undefined, contact);
      }),
    );
    return true;
  }

  /** Makes a group, or gives it another name; the group, if that worked. */
  saveGroup(change: GroupChange): Promise<ContactGroup | undefined> {
    return this.#run(() => this.#service.saveGroup(change));
  }

  /** Takes contacts into a group or out of it, and says what cannot be done. */
  async changeMembers(groupId: string, members: { add?: string[]; remove?: string[] }): Promise<void> {
    const { add = [], remove = [] } = members;
    await this.#quietly(() => this.#service.saveGroup({ id: groupId, name: undefined, add, remove }));
  }

  async removeGroup(id: string): Promise<boolean> {
    const gone = await this.#run(async () => ({ group: await this.#service.removeGroup(id) }));
    if (!gone) return false;
    const { group } = gone;
    if (group) {
      const back: GroupChange = { id: group.id, name: group.name, add: group.members, remove: [] };
      this.#say(t('contacts:groupDeleted'), () => this.#quietly(() => this.#service.saveGroup(back)));
    }
    return true;
  }

  async import(file: File): Promise<void> {
    this.imported = undefined;
    const octets = new Uint8Array(await file.arrayBuffer());
    this.imported = await this.#run(() => this.#service.importContacts(octets));
    const { error } = this;
    if (error) {
      this.error = undefined;
      this.#notices.show(errorText(error));
    }
  }

  async undoImport({ added }: CardImport): Promise<void> {
    this.imported = undefined;
    await this.#quietly(() => this.#service.removeContacts(added));
    this.#say(t('contacts:importUndone'));
  }

  /** Gives these contacts, or all of them, to the browser to save. */
  async export(contacts: Contact[], name: string): Promise<void> {
    const ids = contacts.map(({ id }) => id);
    await this.#quietly(async () => {
      const cards = await this.#service.exportContacts(ids);
      saveFile(new TextEncoder().encode(cards), name);
      this.#say(t('contacts:exported', { count: ids.length }));
    });
  }

  /** Done with what went wrong. */
  settle(): void {
    this.error = undefined;
  }

  get #service() {
    return this.#contacts.service;
  }

  /** Writes, and keeps what went wrong for a form to show. */
  async #run<Value>(act: () => Promise<Value>): Promise<Value | undefined> {
    this.isBusy = true;
    this.error = undefined;
    try {
      const value = await act();
      await this.#contacts.load();
      return value;
    } catch (thrown) {
      this.error = this.#contacts.note(thrown);
      return undefined;
    } finally {
      this.isBusy = false;
    }
  }

  /** Writes, and says in a notice what went wrong. */
  async #quietly(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      await this.#contacts.load();
    } catch (thrown) {
      this.#notices.show(errorText(this.#contacts.note(thrown)));
    }
  }

  #say(text: string, undo?: () => Promise<void>): void {
    const action = undo && { label: t('common:undo'), run: () => void undo() };
    this.#notices.show(text, action, DONE);
  }
}
