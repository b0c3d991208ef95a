import { field, the } from '../ui/target.ts';
import type { SavedFile, Ui } from '../ui/ui.ts';

export type Theme = 'As the system' | 'Light' | 'Dark';

/** `/settings`: theme, sessions, password, recovery kit, fingerprint. */
export class SettingsPage {
  readonly heading = the('heading', 'Settings');
  readonly sessions = the('list', 'Sessions');
  readonly session = the('listitem', undefined, this.sessions);
  readonly revokeOthersButton = the('button', 'Log out all other sessions');
  readonly passwordForm = the('form', 'Change password');
  readonly current = field('Current password', this.passwordForm);
  readonly next = field('New password', this.passwordForm);
  readonly repeated = field('Repeat new password', this.passwordForm);
  readonly changeButton = the('button', 'Change password', this.passwordForm);

  constructor(private readonly ui: Ui) {}

  async open(): Promise<void> {
    await this.ui.click(the('link', 'Settings'));
    await this.ui.see(this.heading);
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

  async choose(theme: Theme): Promise<void> {
    await this.ui.click(field(theme));
  }

  /** Ends the session that is not this one, when there is one other. */
  async revokeOther(): Promise<void> {
    await this.ui.click(the('button', /^Revoke /, this.sessions));
  }

  async downloadRecoveryKit(): Promise<SavedFile> {
    return this.ui.savedBy(() => this.ui.click(the('button', 'Download recovery kit')));
  }
}
