import { t } from '../../i18n';
import { LEAST_SCORE, strengthOf, type Strength } from './strength';

/** What guards an account, or a file of keys. */
type Kind = 'password' | 'passphrase';

/** A new password, typed twice, with its strength. */
export class NewPassword {
  #value = $state('');
  repeated = $state('');
  strength = $state.raw<Strength | undefined>();
  /** What was found on submitting, to be said in the language of whoever reads it. */
  #fault = $state.raw<(() => string) | undefined>();
  #differs = $state(false);
  readonly #known: () => string[];
  readonly #kind: Kind;

  /** `known` gives what an attacker would try first, such as the user name. */
  constructor(known: () => string[], kind: Kind = 'password') {
    this.#known = known;
    this.#kind = kind;
  }

  get value(): string {
    return this.#value;
  }

  set value(value: string) {
    this.#value = value;
    this.#fault = undefined;
    this.#differs = false;
    void this.#estimate(value).catch(() => undefined);
  }

  /** What is wrong with it, found on submitting. */
  get fault(): string | undefined {
    return this.#fault?.();
  }

  /** What the server found. */
  set fault(sentence: string | undefined) {
    this.#fault = sentence === undefined ? undefined : () => sentence;
  }

  get repeatFault(): string | undefined {
    return this.#differs ? t(`auth:notTheSame.${this.#kind}`) : undefined;
  }

  /** Whether it may be used; says beside the fields why not. */
  async check(): Promise<boolean> {
    this.#fault = await this.#faultOf(this.#value);
    this.#differs = this.repeated !== this.#value;
    return this.#fault === undefined && !this.#differs;
  }

  async #faultOf(value: string): Promise<(() => string) | undefined> {
    if (value === '') return () => t(`auth:chooseOne.${this.#kind}`);
    try {
      const strength = await this.#estimate(value);
      if (strength.score >= LEAST_SCORE) return undefined;
      return () => t(`auth:tooEasy.${this.#kind}`, { advice: strength.advice });
    } catch {
      return () => t(`auth:notChecked.${this.#kind}`);
    }
  }

  async #estimate(value: string): Promise<Strength> {
    const strength = await strengthOf(value, this.#known());
    if (value === this.#value) this.strength = value === '' ? undefined : strength;
    return strength;
  }
}
