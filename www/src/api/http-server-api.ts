import createClient from 'openapi-fetch';
import { errorRecord, MailError, type ErrorRecord } from '../crypto/errors';
import type { paths } from './schema';
import type { ServerApi, ServerInfo, SessionView } from './server-api';

const NO_ANSWER: ErrorRecord = {
  code: 'offline',
  message: 'The server does not answer. Check the connection and try again.',
};

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Reads problem details (RFC 9457) into an error to show. */
function problemOf(body: unknown): MailError {
  if (typeof body !== 'object' || body === null) return new MailError(NO_ANSWER);
  const { code, title } = body as { code?: unknown; title?: unknown };
  return new MailError(errorRecord({ code, message: title }));
}

/** Waits for an answer, and turns any that is not a success into an error. */
async function answered<T>(request: Promise<Outcome<T>>): Promise<T | undefined> {
  const { data, error, response } = await request.catch(() => {
    throw new MailError(NO_ANSWER);
  });
  if (!response.ok) throw problemOf(error);
  return data;
}

/** The server's HTTP API, by the types that are generated from its own description. */
export class HttpServerApi implements ServerApi {
  readonly #http = createClient<paths>({ credentials: 'same-origin' });

  async server(): Promise<ServerInfo> {
    const info = await answered(this.#http.GET('/api/v1/server'));
    if (!info) throw new MailError(NO_ANSWER);
    return info;
  }

  async sessions(): Promise<SessionView[]> {
    const list = await answered(this.#http.GET('/api/v1/sessions'));
    return list?.sessions ?? [];
  }

  async revokeSession(sessionId: string): Promise<void> {
    const path = { session_id: sessionId };
    await answered(this.#http.DELETE('/api/v1/sessions/{session_id}', { params: { path } }));
  }

  async revokeOtherSessions(): Promise<void> {
    await answered(this.#http.DELETE('/api/v1/sessions'));
  }

  async revokeAllSessions(): Promise<void> {
    await answered(this.#http.DELETE('/api/v1/sessions', { params: { query: { current: true } } }));
  }
}
