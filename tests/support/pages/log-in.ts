import { field, the } from '../ui/target.ts';
import type { Ui } from '../ui/ui.ts';
import type { Credentials } from '../world.ts';

/** `/`: the log-in form. */
export class LogInPage {
  readonly form = the('form', 'Log in');
  readonly username = field('Username', this.form);
  readonly password = field('Password', this.form);
  readonly button = the('button', 'Log in', this.form);

  constructor(private readonly ui: Ui) {}

  async open(): Promise<void> {
    await this.ui.open('/');
    await this.isOpen();
  }

  async isOpen(): Promise<void> {
    await this.ui.see(this.form);
  }

  async submit({ username, password }: Credentials): Promise<void> {
    await this.ui.fill(this.username, username);
    await this.ui.fill(this.password, password);
    await this.ui.click(this.button);
  }
}
