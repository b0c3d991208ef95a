import type { HttpRequest } from '../crypto/wasm/smail_crypto_wasm';

/** What a request asks for, as far as that is kept on the device. */
export type Rule =
  /** Named by its content: what is kept is what would come. */
  | { kind: 'blob'; sha256: string }
  /** What was last answered, when there is no answer now. */
  | { kind: 'latest' }
  /** Changes since a place in the account's order. */
  | { kind: 'changes'; since: number }
  /** What a client asks for first of all. */
  | { kind: 'start'; part: 'account' | 'server' | 'state' }
  /** Certificates of names, which are in the request's body. */
  | { kind: 'lookup' }
  /** The answer is an account's view, with which a session begins. */
  | { kind: 'opening' };

const START = new Map([
  ['/api/v1/account', 'account'],
  ['/api/v1/server', 'server'],
  ['/api/v1/state', 'state'],
] as const);
const OPENING = /^\/api\/v1\/auth\/(login\/finish|login\/second-factor|register\/finish)$/;
const BLOB = /^\/api\/v1\/blobs\/([0-9a-f]{64})$/;
const LATEST = /^\/api\/v1\/(mailboxes$|mailboxes\/[0-9a-f]+\/items\?|items\/[0-9a-f]+$)/;
const CHANGES = /^\/api\/v1\/changes\?since=(\d+)&/;
const LOOKUP = '/api/v1/directory/lookup';

/** The rule for a request; none for what always goes to the server. */
export function ruleFor({ method, path }: Pick<HttpRequest, 'method' | 'path'>): Rule | undefined {
  if (method === 'POST') {
    if (path === LOOKUP) return { kind: 'lookup' };
    return OPENING.test(path) ? { kind: 'opening' } : undefined;
  }
  if (method !== 'GET') return undefined;
  const part = START.get(path as '/api/v1/account');
  if (part) return { kind: 'start', part };
  const sha256 = BLOB.exec(path)?.[1];
  if (sha256 !== undefined) return { kind: 'blob', sha256 };
  const since = CHANGES.exec(path)?.[1];
  if (since !== undefined) return { kind: 'changes', since: Number(since) };
  return LATEST.test(path) ? { kind: 'latest' } : undefined;
}
