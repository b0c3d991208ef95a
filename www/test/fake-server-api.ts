import type { ServerApi, ServerInfo, SessionView } from '../src/api/server-api';

const MINUTE_MS = 60_000;

function session(id: string, client: string, ageMinutes: number, current: boolean): SessionView {
  const nowMs = Date.now();
  return {
    session_id: id,
    client,
    created_ms: nowMs - ageMinutes * 20 * MINUTE_MS,
    used_ms: nowMs - ageMinutes * MINUTE_MS,
    current,
  };
}

/** The server's open answers, in memory. */
export class FakeServerApi implements ServerApi {
  list: SessionView[] = [
    session('1', 'Firefox on Linux', 1, true),
    session('2', 'Chrome on Android', 90, false),
    session('3', 'Safari on macOS', 4_000, false),
  ];

  server(): Promise<ServerInfo> {
    return Promise.resolve({
      domain: 'localhost',
      version: '0.1.0',
      ksf: { memory_kib: 65_536, iterations: 3, parallelism: 4 },
      max_blob_bytes: 33_554_432,
      max_recipients: 100,
    });
  }

  sessions(): Promise<SessionView[]> {
    return Promise.resolve(this.list);
  }

  revokeSession(sessionId: string): Promise<void> {
    this.list = this.list.filter((candidate) => candidate.session_id !== sessionId);
    return Promise.resolve();
  }

  revokeAllSessions(): Promise<void> {
    this.list = [];
    return Promise.resolve();
  }

  revokeOtherSessions(): Promise<void> {
    this.list = this.list.filter((candidate) => candidate.current);
    return Promise.resolve();
  }
}
