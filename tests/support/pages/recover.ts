import { field, the } from '../ui/target.ts';
import type { Ui } from '../ui/ui.ts';

/** `/forgot`: a new password by recovery code. */
export class RecoverPage {
  readonly form = the('form', 'Forgot password');
  readonly username = field('Username', this.form);
  readonly code = field('Recovery code', this.form);
  readonly password = field('New password', this.form);
  readonly repeated = field('Repeat new password', this.form);
  readonly button = the('button', 'Set new password', this.form);
  readonly error = the('alert', undefined, this.form);

  constructor(private readonly ui: Ui) {}

  /** As a person gets there: by the link on the log-in page. */
  async open(): Promise<void> {
    await this.ui.open('/');
    await this.ui.click(the('link', /Forgot password/));
    await this.ui.see(this.form);
  }

  async submit(username: string, code: string, password: string): Promise<void> {
    await this.ui.fill(this.username, username);
    await this.ui.fill(this.code, code);
    await this.ui.fill(this.password, password);
    await this.ui.fill(this.repeated, password);
    await this.ui.click(this.button);
  }
}

/** The code in a recovery kit's text. */
export function codeIn(kit: string): string {
  const code = /^Recovery code:\s*(\S.*\S)\s*$/m.exec(kit)?.[1];
  if (!code) throw new Error('the kit holds no recovery code');
  return code;
}
