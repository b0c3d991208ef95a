import type { MailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type { KeyringView } from '../../crypto/views';
import { Attempt } from '../auth/attempt.svelte';

export type KeyringState =
  { kind: 'loading' } | { kind: 'loaded'; keyring: KeyringView } | { kind: 'failed'; error: MailError };

/** The account's keys, and the changes to them. A change that wants the password first waits for it. */
export class Keyring {
  readonly service: MailService;
  readonly #note: (thrown: unknown) => MailError;
  readonly attempt = new Attempt();
  state = $state.raw<KeyringState>({ kind: 'loading' });
  /** What goes on once the password was given. */
  waiting = $state.raw<(() => Promise<void>) | undefined>();

  constructor(service: MailService, note: (thrown: unknown) => MailError) {
    this.service = service;
    this.#note = note;
  }

  async load(): Promise<void> {
    try {
      this.state = { kind: 'loaded', keyring: await this.service.keyring() };
    } catch (thrown) {
      this.state = { kind: 'failed', error: this.#note(thrown) };
    }
  }

  /** Changes the keys; asks for the password when the log-in is too long ago, and goes on then. */
  async change(act: () => Promise<KeyringView>, done: () => void): Promise<void> {
    const went = await this.attempt.run(async () => {
      this.state = { kind: 'loaded', keyring: await act() };
    });
    if (went) {
      done();
      return;
    }
    if (this.attempt.error?.code !== 'fresh-login-required') return;
    this.attempt.error = undefined;
    this.waiting = () => this.change(act, done);
  }

  /** Does something that the password is asked for in any case. */
  ask(then: () => void): void {
    this.waiting = () => {
      then();
      return Promise.resolve();
    };
  }

  /** The password was given. */
  goOn(): void {
    const { waiting } = this;
    this.waiting = undefined;
    void waiting?.();
  }

  giveUp(): void {
    this.waiting = undefined;
  }
}
