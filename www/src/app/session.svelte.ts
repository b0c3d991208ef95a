import { mailError, type MailError } from '../crypto/errors';
import type { Credentials, LogInAnswer, MailService, OnStep, Recovery } from '../crypto/mail-service';
import type { AccountInfo, FactorKind, SecondFactorAsked } from '../crypto/views';
import { signWithPasskey } from '../features/factor/browser-passkeys';
import { t } from '../i18n';
import { errorText } from '../i18n/error-text';

/** Whether an account is open. */
export type SessionState =
  | { kind: 'starting' }
  | { kind: 'closed'; notice: string | undefined }
  | { kind: 'open'; account: AccountInfo }
  /** The session ended while unsent text was at hand: the same person logs in again over it. */
  | { kind: 'interrupted'; account: AccountInfo };

/** The login session of this page. */
export class Session {
  readonly #service: MailService;
  /** Says whether ending now would lose something a person has typed. */
  readonly #hasUnsentText: () => boolean;
  /** Hears of every account that is opened by its password: the browser's other tabs have its cookie from now on. */
  readonly #opened: (account: AccountInfo) => void;
  state = $state<SessionState>({ kind: 'starting' });
  /** What a log-in under way asks for besides the password. */
  asked = $state.raw<SecondFactorAsked | undefined>();
  /** This page ends the session itself: that the server says so too is no news. */
  #leaving = false;
  /** The account was made just now: its recovery kit is offered. */
  isNew = $state(false);

  constructor(
    service: MailService,
    hasUnsentText: () => boolean,
    opened: (account: AccountInfo) => void = () => undefined,
  ) {
    this.#service = service;
    this.#hasUnsentText = hasUnsentText;
    this.#opened = opened;
  }

  get account(): AccountInfo | undefined {
    return this.state.kind === 'open' || this.state.kind === 'interrupted' ? this.state.account : undefined;
  }

  /** Opens the account of a live session, as after a reload. */
  async start(): Promise<void> {
    try {
      const account = await this.#service.resume();
      this.state = account ? { kind: 'open', account } : { kind: 'closed', notice: undefined };
    } catch (thrown) {
      const error = mailError(thrown);
      const notice = error.code === 'no-session' ? undefined : errorText(error);
      this.state = { kind: 'closed', notice };
    }
  }

  async signUp(credentials: Credentials, onStep: OnStep): Promise<void> {
    const account = await this.#service.signUp(credentials, onStep);
    this.isNew = true;
    this.#open(account);
  }

  async logIn(credentials: Credentials, onStep: OnStep): Promise<void> {
    this.#take(await this.#service.logIn(credentials, onStep));
  }

  async recover(recovery: Recovery, onStep: OnStep): Promise<void> {
    this.#take(await this.#service.recover(recovery, onStep));
  }

  /** Proves what the log-in or the recovery has asked for. */
  proveSecondFactor(kind: FactorKind, code: string, onStep: OnStep): Promise<void> {
    return this.#proving(() => this.#service.proveSecondFactor(kind, code, onStep));
  }

  /** Proves it by a passkey, which the browser asks for. */
  provePasskey(onStep: OnStep): Promise<void> {
    return this.#proving(async () => {
      const answer = await signWithPasskey(await this.#service.askPasskey());
      return this.#service.provePasskey(answer, onStep);
    });
  }

  async #proving(prove: () => Promise<AccountInfo>): Promise<void> {
    try {
      this.#open(await prove());
    } catch (thrown) {
      const error = mailError(thrown);
      // What is over cannot be tried again.
      if (error.code === 'second-factor-expired') this.#backToPassword(errorText(error));
      throw error;
    }
  }

  /** Gives up a log-in that waits for its second factor. */
  abandonLogIn(): void {
    this.#backToPassword(undefined);
  }

  #backToPassword(notice: string | undefined): void {
    this.asked = undefined;
    void this.#service.abandonLogIn();
    if (this.state.kind === 'closed') this.state = { kind: 'closed', notice };
  }

  #take(answer: LogInAnswer): void {
    if ('account' in answer) this.#open(answer.account);
    else this.asked = answer.asked;
  }

  /** A recovery code has been set. */
  gainedRecovery(): void {
    if (this.state.kind === 'open') this.state.account.hasRecovery = true;
  }

  /** The server or another tab ended the session. */
  ended(notice: string = t('app:ended')): void {
    if (this.state.kind !== 'open' || this.#leaving) return;
    const { account } = this.state;
    void this.#service.forgetKeys();
    this.state = this.#hasUnsentText() ? { kind: 'interrupted', account } : { kind: 'closed', notice };
  }

  /** Gives an interrupted session up. */
  abandon(): void {
    this.state = { kind: 'closed', notice: undefined };
  }

  async logOut(): Promise<void> {
    let notice: string | undefined;
    // What else is under way may be told first that the session is over.
    this.#leaving = true;
    try {
      await this.#service.logOut();
    } catch (thrown) {
      if (mailError(thrown).code !== 'no-session') notice = t('app:loggedOutUntold');
    } finally {
      this.#leaving = false;
    }
    this.state = { kind: 'closed', notice };
  }

  /** Ends every session of the account by `end`. If it fails, none has ended. */
  logOutEverywhere(end: () => Promise<void>): Promise<void> {
    return this.#leave(end, () => t('factor:loggedOutEverywhere'));
  }

  /** Deletes the account and all its mail, if the password is right. */
  deleteAccount(password: string, onStep: OnStep): Promise<void> {
    return this.#leave(
      () => this.#service.deleteAccount(password, onStep),
      () => t('factor:accountDeleted'),
    );
  }

  async #leave(end: () => Promise<void>, notice: () => string): Promise<void> {
    this.#leaving = true;
    try {
      await end();
    } finally {
      this.#leaving = false;
    }
    void this.#service.forgetKeys();
    this.state = { kind: 'closed', notice: notice() };
  }

  /** Takes note when an error means that the session is over; answers the error. */
  noted(thrown: unknown): MailError {
    const error = mailError(thrown);
    if (error.code === 'no-session') this.ended();
    return error;
  }

  #open(account: AccountInfo): void {
    this.asked = undefined;
    this.state = { kind: 'open', account };
    this.#opened(account);
  }
}
