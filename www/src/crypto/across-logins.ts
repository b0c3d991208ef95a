import type { HttpRequest, HttpResponse } from './wasm/smail_crypto_wasm';

type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** Requests after which the browser has another session, if they succeed. */
const LOGINS: ReadonlySet<string> = new Set([
  '/api/v1/auth/login/finish',
  '/api/v1/auth/login/second-factor',
]);

/**
 * Requests that outlive a login. Who confirms the password in an open account gets a new session, and the old one ends with the same
 * request: another request that was under way with the old cookie is refused (401) though nobody was logged out. It is sent again,
 * once, under the new session; what is refused for want of a session has done nothing.
 */
export function acrossLogins(send: Send): Send {
  let logins = 0;
  let underWay: Promise<void> | undefined;

  function logIn(request: HttpRequest): Promise<HttpResponse> {
    const login = send(request);
    const over: Promise<void> = login.then(
      () => done(over),
      () => done(over),
    );
    underWay = over;
    return login;
  }

  function done(over: Promise<void>): void {
    logins += 1;
    if (underWay === over) underWay = undefined;
  }

  return async (request) => {
    if (LOGINS.has(request.path)) return logIn(request);
    const before = logins;
    const answer = await send(request);
    if (answer.status !== 401) return answer;
    await underWay;
    return logins === before ? answer : send(request);
  };
}
