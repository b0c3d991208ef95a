import type { MailService } from '../../crypto/mail-service';
import type { AccountInfo } from '../../crypto/views';
import { Attempt } from './attempt.svelte';
import { download, kitFileName, kitText } from './recovery-kit';

/** Makes the recovery code when it is first asked for, and keeps it while the page is open. */
export class KitMaker {
  readonly #service: MailService;
  readonly #account: AccountInfo;
  /** Called once the code is set. */
  readonly #made: () => void;
  readonly attempt = new Attempt();
  #asked: (() => Promise<void>) | undefined;
  code = $state<string | undefined>();

  constructor(service: MailService, account: AccountInfo, made: () => void) {
    this.#service = service;
    this.#account = account;
    this.#made = made;
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

  /** Does what was asked for last, once what stood against it is out of the way. */
  async goOn(): Promise<void> {
    await this.#asked?.();
  }

  /** Makes the code, unless it is made; answers whether there is one. */
  async #make(): Promise<boolean> {
    if (this.code !== undefined) return true;
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
