import { mailError, type MailError } from '../../crypto/errors';
import type { MailService, OnStep } from '../../crypto/mail-service';
import type { FactorAdded, Passkey, SecondFactor as View, TotpSetup } from '../../crypto/views';
import { t } from '../../i18n';
import { date } from '../../i18n/formats';
import { createPasskey } from './browser-passkeys';

export type FactorState =
  { kind: 'loading' } | { kind: 'loaded'; view: View } | { kind: 'failed'; error: MailError };

/** What a passkey is called here; one whose name is not known is one of its day. */
export function passkeyName({ name, addedMs }: Passkey): string {
  return name || t('factor:passkeyUnnamed', { date: date(addedMs) });
}

/** The account's second factor, as its settings show and change it. */
export class SecondFactor {
  readonly #service: MailService;
  readonly #note: (thrown: unknown) => MailError;
  state = $state.raw<FactorState>({ kind: 'loading' });
  /** An authenticator app that is being set up. */
  setup = $state.raw<TotpSetup | undefined>();
  /** What a passkey is being named for: a new one, or one that there is. */
  naming = $state.raw<'new' | Passkey | undefined>();
  /** Recovery codes to show, this once. */
  codes = $state.raw<string[]>([]);
  /** What is to be done once the password has been confirmed. */
  #wanted: (() => Promise<void>) | undefined;
  asksPassword = $state(false);
  /** Why the password is asked for. */
  reason = $state('');
  #creation = new AbortController();
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

  /** Begins to add a passkey, after the password. */
  beginPasskey(): void {
    this.#ask(() => {
      this.naming = 'new';
      return Promise.resolve();
    });
  }

  /** Has the browser make a passkey and adds it; rejects when either does not go well. */
  async addPasskey(name: string): Promise<void> {
    this.#creation = new AbortController();
    const { signal } = this.#creation;
    const made = await createPasskey(await this.#service.newPasskey(), signal);
    this.#take(await this.#service.addPasskey({ ...made, name }));
    this.naming = undefined;
  }

  /** Calls a passkey something else; rejects when that is no name. */
  async renamePasskey({ id }: Passkey, name: string): Promise<void> {
    this.state = { kind: 'loaded', view: await this.#service.renamePasskey(id, name) };
    this.naming = undefined;
  }

  /** Closes what asks for a name, and the browser's question behind it. */
  stopNaming(): void {
    this.#creation.abort();
    this.naming = undefined;
  }

  removePasskey(passkey: Passkey): void {
    this.#ask(
      async () => {
        this.state = { kind: 'loaded', view: await this.#service.removePasskey(passkey.id) };
      },
      t('factor:passkeyRemoveReason', { name: passkeyName(passkey) }),
    );
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

  #ask(wanted: () => Promise<void>, reason: string = t('factor:confirmReason')): void {
    this.error = undefined;
    this.reason = reason;
    this.#wanted = wanted;
    this.asksPassword = true;
  }

  #take({ secondFactor, recoveryCodes }: FactorAdded): void {
    this.state = { kind: 'loaded', view: secondFactor };
    this.codes = recoveryCodes;
  }
}
