import type { ServerApi, SessionView } from '../../api/server-api';
import type { MailError } from '../../crypto/errors';

export type SessionsState =
  { kind: 'loading' } | { kind: 'loaded'; sessions: SessionView[] } | { kind: 'failed'; error: MailError };

/** Where the account is logged in. */
export class Sessions {
  readonly #api: ServerApi;
  readonly #note: (thrown: unknown) => MailError;
  state = $state.raw<SessionsState>({ kind: 'loading' });
  /** Why ending a session failed. */
  error = $state.raw<MailError | undefined>();

  constructor(api: ServerApi, note: (thrown: unknown) => MailError) {
    this.#api = api;
    this.#note = note;
  }

  get others(): number {
    return this.state.kind === 'loaded'
      ? this.state.sessions.filter((session) => !session.current).length
      : 0;
  }

  async load(): Promise<void> {
    try {
      this.state = { kind: 'loaded', sessions: await this.#api.sessions() };
    } catch (thrown) {
      this.state = { kind: 'failed', error: this.#note(thrown) };
    }
  }

  revoke(sessionId: string): Promise<void> {
    return this.#change(() => this.#api.revokeSession(sessionId));
  }

  revokeOthers(): Promise<void> {
    return this.#change(() => this.#api.revokeOtherSessions());
  }

  async #change(act: () => Promise<void>): Promise<void> {
    this.error = undefined;
    try {
      await act();
    } catch (thrown) {
      this.error = this.#note(thrown);
    }
    await this.load();
  }
}
