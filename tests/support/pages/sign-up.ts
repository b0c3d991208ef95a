import { field, the } from '../ui/target.ts';
import type { SavedFile, Ui } from '../ui/ui.ts';
import type { Credentials } from '../world.ts';

/** `/signup`: name and password, then the recovery kit. */
export class SignUpPage {
  readonly username = field('Username');
  readonly password = field('Password');
  readonly repeated = field('Repeat password');
  readonly understood = the('checkbox', 'I understand that a lost password cannot be brought back');
  readonly button = the('button', 'Create account');
  readonly kit = the('heading', 'Recovery kit');

  constructor(private readonly ui: Ui) {}

  async open(): Promise<void> {
    await this.ui.open('/signup');
    await this.ui.see(this.button);
  }

  /** Fills the form and presses the button; `repeated` differs from the password only in tests of that. */
  async submit(credentials: Credentials, repeated = credentials.password): Promise<void> {
    await this.fill(credentials, repeated);
    await this.ui.click(this.button);
  }

  async fill({ username, password }: Credentials, repeated = password): Promise<void> {
    await this.ui.fill(this.username, username);
    await this.ui.fill(this.password, password);
    await this.ui.fill(this.repeated, repeated);
    await this.ui.click(this.understood);
  }

  async downloadRecoveryKit(): Promise<SavedFile> {
    await this.ui.see(this.kit);
    return this.ui.savedBy(() => this.ui.click(the('button', 'Download recovery kit')));
  }

  async passRecoveryKit(): Promise<void> {
    await this.ui.see(this.kit);
    await this.ui.click(the('button', 'Continue'));
    await this.ui.at('/mail');
    await this.ui.see(the('navigation', 'Folders'));
  }
}
