import { MailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type { AccountInfo } from '../../crypto/views';
import { Attempt } from './attempt.svelte';
import { download, kitFileName, kitText } from './recovery-kit';

/** As the server says it of what takes a log-in just before. */
const CONFIRM = new MailError({
  code: 'fresh-login-required',
  message: 'Enter your password again first: this needs a log-in of the last few minutes.',
});

/** Makes the recovery code when it is first asked for, and keeps it while the page is open. */
export class KitMaker {
  readonly #service: MailService;
  readonly #account: AccountInfo;
  /** Called once the code is set. */
  readonly #made: () => void;
  readonly attempt = new Attempt();
  #asked: (() => Promise<void>) | undefined;
  /** Whether the password has to be given first: a new kit takes the place of another. */
  #mustConfirm: boolean;
  code = $state<string | undefined>();

  constructor(service: MailService, account: AccountInfo, made: () => void, mustConfirm = false) {
    this.#service = service;
    this.#account = account;
    this.#made = made;
    this.#mustConfirm = mustConfirm;
  }

  async download(): Promise<void> {
    this.#asked = () => this.download();
    if (await this.#make()) download(kitFileName(this.#account.username), this.#text());
  }

  async print(): Promise<void> {
    this.#asked = () => this.print();
    if (!(await this.#make())) return;
    // The sheet with the code has to be in the page first.
    requestAnimationFrame(() => window.print());
  }

  /** Does what was asked for last, now that the password was given. */
  async goOn(): Promise<void> {
    this.#mustConfirm = false;
    await this.#asked?.();
  }

  /** Makes the code, unless it is made; answers whether there is one. */
  async #make(): Promise<boolean> {
    if (this.code !== undefined) return true;
    if (this.#mustConfirm) {
      this.attempt.error = CONFIRM;
      return false;
    }
    return this.attempt.run(async (onStep) => {
      this.code = (await this.#service.makeRecoveryKit(onStep)).code;
      this.#made();
    });
  }

  #text(): string {
    const account = this.#account;
    return kitText({ account, code: this.code ?? '', madeMs: Date.now(), origin: location.origin });
  }
}
