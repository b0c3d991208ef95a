import { MailError, type ErrorRecord } from '../src/crypto/errors';
import type { MailCalls, OnStep } from '../src/crypto/mail-service';
import type {
  FactorAdded,
  FactorKind,
  NewPasskey,
  PasskeyAnswer,
  PasskeyCreation,
  PasskeyQuestion,
  SecondFactor,
  Step,
  TotpSetup,
} from '../src/crypto/views';

const NOT_YOUR_PASSWORD: ErrorRecord = {
  code: 'login-failed',
  message: 'This is not your password.',
  field: 'currentPassword',
};

/** What the authenticator app always shows. */
const CODE = '314159';
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** What a passkey is to sign. */
const CHALLENGE = { challenge: 'c2l4dGVlbiBvY3RldHMuLg', rpId: 'localhost', expiresInS: 300 };

/** Notes a call, and fails if it is to. */
type Begin = (name: keyof MailCalls, onStep?: OnStep, ...steps: Step[]) => Promise<void>;

function wrongCode(message: string): MailError {
  return new MailError({ code: 'second-factor-failed', message, field: 'code' });
}

/** What guards the account in memory: its password, its recovery kit and its second factor. */
export class FakeGuard {
  readonly #begin: Begin;
  factor: SecondFactor = { passkeys: [], recoveryCodesLeft: 0 };

  constructor(begin: Begin) {
    this.#begin = begin;
  }

  /** What a log-in asks for; nothing without a second factor. */
  get kinds(): FactorKind[] {
    const { totpSinceMs, passkeys } = this.factor;
    const kinds: FactorKind[] = passkeys.length > 0 ? ['passkey'] : [];
    if (totpSinceMs !== undefined) kinds.push('totp');
    return kinds.length > 0 ? [...kinds, 'recovery-code'] : [];
  }

  makeRecoveryKit = async (onStep: OnStep) => {
    await this.#begin('makeRecoveryKit', onStep, 'stretching-password', 'contacting');
    return { code: '7K3M-QX9T-2WHB-5ZRD-8PNC-4VJF' };
  };

  confirmPassword = (password: string, onStep: OnStep) => this.#check('confirmPassword', password, onStep);
  changePassword = (current: string, _next: string, onStep: OnStep) =>
    this.#check('changePassword', current, onStep);
  deleteAccount = (password: string, onStep: OnStep) => this.#check('deleteAccount', password, onStep);

  async prove(_kind: FactorKind, code: string, onStep: OnStep): Promise<void> {
    await this.#begin('proveSecondFactor', onStep, 'contacting', 'opening-keys');
    if (code !== CODE) throw wrongCode('This code is not right, or it was used already.');
  }

  secondFactor = async (): Promise<SecondFactor> => {
    await this.#begin('secondFactor');
    return this.factor;
  };

  newTotp = async (): Promise<TotpSetup> => {
    await this.#begin('newTotp');
    return { secret: SECRET, uri: `otpauth://totp/S-Mail:alice%40localhost?secret=${SECRET}&issuer=S-Mail` };
  };

  confirmTotp = async (code: string): Promise<FactorAdded> => {
    await this.#begin('confirmTotp');
    if (code !== CODE) throw wrongCode('This is not the code that the app shows now.');
    return this.#added(Date.now());
  };

  removeTotp = async (): Promise<SecondFactor> => {
    await this.#begin('removeTotp');
    const { passkeys } = this.factor;
    this.factor = { passkeys, recoveryCodesLeft: passkeys.length > 0 ? 10 : 0 };
    return this.factor;
  };

  newPasskey = async (): Promise<PasskeyCreation> => {
    await this.#begin('newPasskey');
    return {
      passkeyId: String(this.factor.passkeys.length),
      ...CHALLENGE,
      userHandle: 'AAAA',
      userName: 'alice@localhost',
      algorithms: [-7],
      passkeys: [],
    };
  };

  addPasskey = async ({ passkeyId: id, name }: NewPasskey): Promise<FactorAdded> => {
    await this.#begin('addPasskey');
    const codes = this.#codes();
    this.#keep({ passkeys: [...this.factor.passkeys, { id, name, addedMs: Date.now() }] });
    return { secondFactor: this.factor, recoveryCodes: codes };
  };

  renamePasskey = async (id: string, name: string): Promise<SecondFactor> => {
    await this.#begin('renamePasskey');
    this.#keep({ passkeys: this.factor.passkeys.map((it) => (it.id === id ? { ...it, name } : it)) });
    return this.factor;
  };

  removePasskey = async (id: string): Promise<SecondFactor> => {
    await this.#begin('removePasskey');
    this.#keep({ passkeys: this.factor.passkeys.filter((it) => it.id !== id) });
    return this.factor;
  };

  askPasskey = async (): Promise<PasskeyQuestion> => {
    await this.#begin('askPasskey');
    return { ...CHALLENGE, passkeys: [] };
  };

  async provePasskey(_answer: PasskeyAnswer, onStep: OnStep): Promise<void> {
    await this.#begin('provePasskey', onStep, 'contacting', 'opening-keys');
  }

  renewRecoveryCodes = async (): Promise<FactorAdded> => {
    await this.#begin('renewRecoveryCodes');
    return this.#added(this.factor.totpSinceMs ?? Date.now());
  };

  #added(totpSinceMs: number): FactorAdded {
    this.factor = { ...this.factor, totpSinceMs, recoveryCodesLeft: 10 };
    return { secondFactor: this.factor, recoveryCodes: this.#codes() };
  }

  #codes(): string[] {
    return Array.from({ length: 10 }, (_, at) => `0123-4567-89ab-cde${at}`);
  }

  /** Changes what guards the account; the recovery codes come with the first and go with the last. */
  #keep(change: Partial<SecondFactor>): void {
    const factor = { ...this.factor, ...change };
    const isOn = factor.totpSinceMs !== undefined || factor.passkeys.length > 0;
    this.factor = { ...factor, recoveryCodesLeft: isOn ? 10 : 0 };
  }

  async #check(name: keyof MailCalls, password: string, onStep: OnStep): Promise<void> {
    await this.#begin(name, onStep, 'stretching-password', 'contacting');
    if (password === 'wrong') throw new MailError(NOT_YOUR_PASSWORD);
  }
}
