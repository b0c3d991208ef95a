import { MailError, type ErrorRecord } from '../src/crypto/errors';
import type { MailCalls, OnStep } from '../src/crypto/mail-service';
import type { FactorAdded, FactorKind, SecondFactor, Step, TotpSetup } from '../src/crypto/views';

const NOT_YOUR_PASSWORD: ErrorRecord = {
  code: 'login-failed',
  message: 'This is not your password.',
  field: 'currentPassword',
};

/** What the authenticator app always shows. */
const CODE = '314159';
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** Notes a call, and fails if it is to. */
type Begin = (name: keyof MailCalls, onStep?: OnStep, ...steps: Step[]) => Promise<void>;

function wrongCode(message: string): MailError {
  return new MailError({ code: 'second-factor-failed', message, field: 'code' });
}

/** What guards the account in memory: its password, its recovery kit and its second factor. */
export class FakeGuard {
  readonly #begin: Begin;
  factor: SecondFactor = { recoveryCodesLeft: 0 };

  constructor(begin: Begin) {
    this.#begin = begin;
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
    this.factor = { recoveryCodesLeft: 0 };
    return this.factor;
  };

  renewRecoveryCodes = async (): Promise<FactorAdded> => {
    await this.#begin('renewRecoveryCodes');
    return this.#added(this.factor.totpSinceMs ?? Date.now());
  };

  #added(totpSinceMs: number): FactorAdded {
    this.factor = { totpSinceMs, recoveryCodesLeft: 10 };
    const recoveryCodes = Array.from({ length: 10 }, (_, at) => `0123-4567-89ab-cde${at}`);
    return { secondFactor: this.factor, recoveryCodes };
  }

  async #check(name: keyof MailCalls, password: string, onStep: OnStep): Promise<void> {
    await this.#begin(name, onStep, 'stretching-password', 'contacting');
    if (password === 'wrong') throw new MailError(NOT_YOUR_PASSWORD);
  }
}
