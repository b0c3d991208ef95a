import { mailError, type MailError } from '../../crypto/errors';
import type { MailService, OnStep } from '../../crypto/mail-service';
import type { FactorAdded, SecondFactor as View, TotpSetup } from '../../crypto/views';

export type FactorState =
  { kind: 'loading' } | { kind: 'loaded'; view: View } | { kind: 'failed'; error: MailError };

/** The account's second factor, as its settings show and change it. */
export class SecondFactor {
  readonly #service: MailService;
  readonly #note: (thrown: unknown) => MailError;
  state = $state.raw<FactorState>({ kind: 'loading' });
  /** An authenticator app that is being set up. */
  setup = $state.raw<TotpSetup | undefined>();
  /** Recovery codes to show, this once. */
  codes = $state.raw<string[]>([]);
  /** What is to be done once the password has been confirmed. */
  #wanted: (() => Promise<void>) | undefined;
  asksPassword = $state(false);
  error = $state.raw<MailError | undefined>();
  busy = $state(false);

  constructor(service: MailService, note: (thrown: unknown) => MailError) {
    this.#service = service;
    this.#note = note;
  }

  async load(): Promise<void> {
    try {
      this.state = { kind: 'loaded', view: await this.#service.secondFactor() };
    } catch (thrown) {
      this.state = { kind: 'failed', error: this.#note(thrown) };
    }
  }

  /** Begins to set an authenticator app up, after the password. */
  beginApp(): void {
    this.#ask(async () => {
      this.setup = await this.#service.newTotp();
    });
  }

  removeApp(): void {
    this.#ask(async () => {
      this.state = { kind: 'loaded', view: await this.#service.removeTotp() };
    });
  }

  renewCodes(): void {
    this.#ask(async () => this.#take(await this.#service.renewRecoveryCodes()));
  }

  /** Ends the set-up of an authenticator app by a code that it shows; rejects when it is not one. */
  async confirmApp(code: string): Promise<void> {
    this.#take(await this.#service.confirmTotp(code));
    this.setup = undefined;
  }

  confirmPassword(password: string, onStep: OnStep): Promise<void> {
    return this.#service.confirmPassword(password, onStep);
  }

  /** The password was confirmed: does what it was asked for. */
  async passwordConfirmed(): Promise<void> {
    const wanted = this.#wanted;
    this.cancelPassword();
    if (!wanted) return;
    this.busy = true;
    try {
      await wanted();
    } catch (thrown) {
      this.error = this.#note(mailError(thrown));
      await this.load();
    } finally {
      this.busy = false;
    }
  }

  cancelPassword(): void {
    this.#wanted = undefined;
    this.asksPassword = false;
  }

  #ask(wanted: () => Promise<void>): void {
    this.error = undefined;
    this.#wanted = wanted;
    this.asksPassword = true;
  }

  #take({ secondFactor, recoveryCodes }: FactorAdded): void {
    this.state = { kind: 'loaded', view: secondFactor };
    this.codes = recoveryCodes;
  }
}
