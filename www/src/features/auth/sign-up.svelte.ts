import type { Credentials, OnStep } from '../../crypto/mail-service';
import { t } from '../../i18n';
import { Attempt } from './attempt.svelte';
import { NewPassword } from './new-password.svelte';
import { usernameFault } from './username';

/** What the sign-up form holds, and whether it may be sent. */
export class SignUp {
  readonly #create: (credentials: Credentials, onStep: OnStep) => Promise<void>;
  readonly attempt = new Attempt();
  readonly password = new NewPassword(() => [this.username]);
  username = $state('');
  understood = $state(false);
  /** Whether it was submitted once: from then on the form says what is missing. */
  #tried = $state(false);

  constructor(create: (credentials: Credentials, onStep: OnStep) => Promise<void>) {
    this.#create = create;
  }

  get usernameFault(): string | undefined {
    return this.#tried ? usernameFault(this.username) : undefined;
  }

  get understoodFault(): string | undefined {
    return this.#tried && !this.understood ? t('auth:notUnderstood') : undefined;
  }

  /** Makes the account; answers whether it is made. The faults say what stands in the way. */
  async submit(): Promise<boolean> {
    if (this.attempt.busy || !(await this.#check())) return false;
    const credentials = { username: this.username.trim().toLowerCase(), password: this.password.value };
    return this.attempt.run((onStep) => this.#create(credentials, onStep));
  }

  async #check(): Promise<boolean> {
    this.#tried = true;
    const passwordFits = await this.password.check();
    return passwordFits && this.usernameFault === undefined && this.understood;
  }
}
