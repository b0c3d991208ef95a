import { field, the, words, type ByRole } from '../ui/target.ts';
import type { Ui } from '../ui/ui.ts';

/** What a form for a contact asks for. */
export interface Person {
  name: string;
  address?: string;
  note?: string;
}

/** The address book. */
export class ContactsPage {
  readonly link = the('link', 'Contacts');
  readonly list = the('list', 'Contacts');
  /** An empty book offers it twice. */
  readonly newButton: ByRole = { ...the('button', 'New contact'), first: true };
  readonly menuButton = the('button', 'More for contacts');
  readonly search = the('textbox', 'Search contacts');
  readonly verifyButton = the('button', 'Compare safety numbers');
  readonly verifyDialog = the('dialog', 'Compare safety numbers');
  readonly safetyNumber = the('group', /^Safety number with/, this.verifyDialog);
  readonly theirs = field(/^Or paste the number/, this.verifyDialog);
  readonly markButton = the('button', 'They are the same: mark as verified', this.verifyDialog);

  constructor(private readonly ui: Ui) {}

  async open(): Promise<void> {
    await this.ui.click(this.link);
    await this.ui.see(the('heading', 'Contacts'));
  }

  row(name: string): ByRole {
    return the('link', new RegExp(`^${name}`), this.list);
  }

  async make({ name, address, note }: Person): Promise<void> {
    await this.ui.click(this.newButton);
    await this.ui.fill(field('Name'), name);
    if (address !== undefined) await this.ui.fill(field('Address 1'), address);
    if (note !== undefined) await this.ui.fill(field('Note'), note);
    await this.ui.click(the('button', 'Save'));
    await this.ui.see(the('heading', name));
  }

  async choose(item: string): Promise<void> {
    await this.ui.click(this.menuButton);
    await this.ui.click(the('menuitem', item));
  }

  async makeGroup(name: string): Promise<void> {
    await this.choose('New group');
    const dialog = the('dialog', 'New group');
    await this.ui.fill(field('Name', dialog), name);
    await this.ui.click(the('button', 'Create', dialog));
    await this.ui.seeNo(dialog);
  }

  /** Compares a number with the one on show, and marks the key. */
  async verify(number: string): Promise<void> {
    await this.ui.click(this.verifyButton);
    await this.ui.fill(this.theirs, number);
    await this.ui.see(words('The numbers are the same.', this.verifyDialog));
    await this.ui.click(this.markButton);
    await this.ui.seeNo(this.verifyDialog);
  }
}
