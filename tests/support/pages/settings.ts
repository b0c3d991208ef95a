import { field, the } from '../ui/target.ts';
import type { SavedFile, Ui } from '../ui/ui.ts';

export type Theme = 'As the system' | 'Light' | 'Dark';
export type Density = 'Comfortable' | 'Compact';
export type Part = 'General' | 'Writing' | 'Reading' | 'Notifications' | 'Security' | 'Keys' | 'Account';

/** `/settings` and below it: a page for each part. */
export class SettingsPage {
  readonly heading = the('heading', 'Settings');
  readonly parts = the('navigation', 'Settings');
  readonly displayName = field('Display name');
  readonly signatures = the('list', 'Signatures');
  readonly sessions = the('list', 'Sessions');
  readonly session = the('listitem', undefined, this.sessions);
  readonly revokeOthersButton = the('button', 'Log out all other sessions');
  readonly passwordForm = the('form', 'Change password');
  readonly current = field('Current password', this.passwordForm);
  readonly next = field('New password', this.passwordForm);
  readonly repeated = field('Repeat new password', this.passwordForm);
  readonly changeButton = the('button', 'Change password', this.passwordForm);

  constructor(private readonly ui: Ui) {}

  /** Goes there from the mail. */
  async open(part: Part = 'Security'): Promise<void> {
    await this.ui.click(the('link', 'Settings'));
    await this.ui.see(this.heading);
    await this.openPart(part);
  }

  /** Goes there from another part. */
  async openPart(part: Part): Promise<void> {
    await this.ui.click(the('link', part, this.parts));
    await this.ui.see(the('heading', part));
  }

  /** Waits until something in this section is said to be kept. */
  async isSaved(section: string): Promise<void> {
    await this.ui.seeText(the('status', undefined, the('region', section)), 'Saved');
  }

  async rename(name: string): Promise<void> {
    await this.giveName(name);
    await this.isSaved('Your name');
  }

  /** It may be refused. */
  async giveName(name: string): Promise<void> {
    await this.ui.fill(this.displayName, name);
    await this.ui.click(the('button', 'Save name'));
  }

  async addSignature(name: string, text: string): Promise<void> {
    await this.ui.click(the('button', 'New signature'));
    await this.ui.fill(field('Name of the signature'), name);
    await this.ui.fill(field('Text'), text);
    await this.ui.click(the('button', 'Save signature'));
    await this.ui.see(the('listitem', undefined, this.signatures));
  }

  /** Answers the question for the password that comes before keys are touched. */
  async confirm(password: string): Promise<void> {
    const dialog = the('dialog', 'Confirm your password');
    await this.ui.fill(field('Password', dialog), password);
    await this.ui.click(the('button', 'Confirm', dialog));
    await this.ui.seeNo(dialog);
  }

  /** Saves the secret keys, locked with a passphrase. */
  async exportSecretKeys(password: string, passphrase: string): Promise<SavedFile> {
    await this.ui.click(the('button', 'Export secret keys'));
    await this.confirm(password);
    const dialog = the('dialog', 'Export secret keys');
    await this.ui.fill(field('Passphrase', dialog), passphrase);
    await this.ui.fill(field('Repeat passphrase', dialog), passphrase);
    return this.ui.savedBy(() => this.ui.click(the('button', 'Save file', dialog)));
  }

  async backToMail(): Promise<void> {
    await this.ui.click(the('link', 'Back to mail'));
    await this.ui.see(the('navigation', 'Folders'));
  }

  async changePassword(current: string, next: string, repeated = next): Promise<void> {
    await this.ui.fill(this.current, current);
    await this.ui.fill(this.next, next);
    await this.ui.fill(this.repeated, repeated);
    await this.ui.click(this.changeButton);
  }

  async choose(look: Theme | Density): Promise<void> {
    await this.ui.click(field(look));
    await this.isSaved('Appearance');
  }

  /** Ends the session that is not this one, when there is one other. */
  async revokeOther(): Promise<void> {
    await this.ui.click(the('button', /^Revoke /, this.sessions));
  }

  async downloadRecoveryKit(): Promise<SavedFile> {
    return this.ui.savedBy(() => this.ui.click(the('button', 'Download recovery kit')));
  }
}
