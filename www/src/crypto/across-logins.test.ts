import { describe, expect, it } from 'vitest';
import { acrossLogins } from './across-logins';
import type { HttpRequest, HttpResponse } from './wasm/smail_crypto_wasm';

const READ: HttpRequest = { method: 'GET', path: '/api/v1/changes?since=1', headers: [] };
const LOG_IN: HttpRequest = { method: 'POST', path: '/api/v1/auth/login/finish', headers: [] };

const answer = (status: number): HttpResponse => ({ status, contentType: '', body: new Uint8Array() });

/** A server that answers when it is told to, and the requests that it was sent. */
function server() {
  const sent: { request: HttpRequest; answer: (status: number) => void }[] = [];
  const fetch = acrossLogins(
    (request) =>
      new Promise((resolve) => sent.push({ request, answer: (status) => resolve(answer(status)) })),
  );
  return { sent, fetch };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe('acrossLogins', () => {
  it.each(['before', 'after'])('sends again what was refused %s the login was answered', async (order) => {
    const { sent, fetch } = server();
    const read = fetch(READ);
    const login = fetch(LOG_IN);
    const answers = [() => sent[0]?.answer(401), () => sent[1]?.answer(200)];
    for (const next of order === 'before' ? answers : answers.reverse()) {
      next();
      await settled();
    }
    expect(sent.map(({ request }) => request.path)).toEqual([READ.path, LOG_IN.path, READ.path]);
    sent[2]?.answer(200);
    expect((await read).status).toBe(200);
    expect((await login).status).toBe(200);
  });

  it('believes a refusal of what was sent under the session that there is', async () => {
    const { sent, fetch } = server();
    const login = fetch(LOG_IN);
    sent[0]?.answer(200);
    await login;
    await settled();
    const read = fetch(READ);
    sent[1]?.answer(401);
    expect((await read).status).toBe(401);
    expect(sent).toHaveLength(2);
  });

  it('does not send a third time, and passes on a login that is refused', async () => {
    const { sent, fetch } = server();
    const read = fetch(READ);
    const login = fetch(LOG_IN);
    sent[1]?.answer(401);
    expect((await login).status).toBe(401);
    sent[0]?.answer(401);
    await settled();
    sent[2]?.answer(401);
    expect((await read).status).toBe(401);
    expect(sent).toHaveLength(3);
  });
});
