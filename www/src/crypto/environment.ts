import { acrossLogins } from './across-logins';
import type { Env, HttpRequest, HttpResponse } from './wasm/smail_crypto_wasm';

function retryAfterS(headers: Headers): number | undefined {
  const value = headers.get('Retry-After');
  return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
}

async function send({ method, path, headers, body }: HttpRequest): Promise<HttpResponse> {
  const answer = await fetch(path, {
    method,
    headers,
    body: body ?? null,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
  });
  return {
    status: answer.status,
    contentType: answer.headers.get('Content-Type') ?? '',
    retryAfterS: retryAfterS(answer.headers),
    body: new Uint8Array(await answer.arrayBuffer()),
  };
}

/** Hears which message is about to be taken apart, and when that is over. */
export type Announcements = Pick<Env, 'opening' | 'opened'>;

/** What the mail client needs of the worker: requests to the account's own server, a timer and a clock. */
export function environment({ opening, opened }: Announcements): Env {
  return {
    fetch: acrossLogins(send),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    nowMs: () => Date.now(),
    opening,
    opened,
  };
}
