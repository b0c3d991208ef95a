import type { components } from './schema';

export type ServerInfo = components['schemas']['ServerInfo'];
export type SessionView = components['schemas']['SessionView'];

/** What the page asks of the server without the worker: nothing here needs a key. Rejects with a `MailError`. */
export interface ServerApi {
  server(): Promise<ServerInfo>;
  /** Latest used first. */
  sessions(): Promise<SessionView[]>;
  revokeSession(sessionId: string): Promise<void>;
  /** Ends all sessions but this one. */
  revokeOtherSessions(): Promise<void>;
  /** Ends all sessions, this one too. */
  revokeAllSessions(): Promise<void>;
}
