import type { HttpRequest, HttpResponse } from '../crypto/wasm/smail_crypto_wasm';
import type { Octets } from './device-seal';
import type { Keeping } from './device-store';

/** The parts of answers that are looked at here; everything in them that is anybody's is sealed or encrypted. */
interface ItemsPage {
  items: { item_id: string }[];
}

interface ChangesPage {
  changes: { seq: number; object: { kind: string; item?: { item_id: string } } }[];
  seq: number;
  more: boolean;
}

interface Lookup {
  found: { username: string; certificate: string }[];
  unknown: string[];
}

const JSON_TYPE = 'application/json';
/** Larger blobs are files, which are fetched again. */
const MAX_BLOB_BYTES = 10_000_000;
/** Of a page no longer than this each item can be found by itself: lists are begun with such a one. */
const RECENT_ITEMS = 100;

export const nameOfBlob = (sha256: string) => `blob ${sha256}`;
export const nameOfPath = (path: string) => `path ${path}`;
export const nameOfChanges = (since: number) => `changes ${since}`;
export const nameOfCertificate = (username: string) => `certificate ${username}`;
export const CONTACT = 'contact';

export function octetsOf(value: unknown): Octets {
  return new TextEncoder().encode(JSON.stringify(value));
}

export function valueOf(octets: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(octets)) as unknown;
  } catch {
    return undefined;
  }
}

/** An answer that is made here of what is kept. */
export function answerOf(body: Uint8Array): HttpResponse {
  return { status: 200, contentType: JSON_TYPE, body };
}

function owned(body: Uint8Array): Octets {
  return new Uint8Array(body);
}

/** What to keep of a blob: nothing unless it is the one that was asked for. */
export async function ofBlob(sha256: string, body: Uint8Array): Promise<Keeping[]> {
  if (body.byteLength > MAX_BLOB_BYTES) return [];
  const octets = owned(body);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', octets));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex === sha256 ? [{ name: nameOfBlob(sha256), octets }] : [];
}

/** What to keep of a list's page or of an item. */
export function ofPath(path: string, body: Uint8Array): Keeping[] {
  const { items } = (valueOf(body) ?? {}) as Partial<ItemsPage>;
  const recent = items && items.length <= RECENT_ITEMS ? items : [];
  return [{ name: nameOfPath(path), octets: owned(body) }, ...recent.map(ofItem)];
}

/** What to keep of a page of changes. */
export function ofChanges(since: number, body: Uint8Array): Keeping[] {
  const page = valueOf(body) as ChangesPage | undefined;
  if (!page || page.changes.length === 0) return [];
  const items = page.changes.flatMap(({ object }) => object.item ?? []);
  return [{ name: nameOfChanges(since), octets: owned(body) }, ...items.map(ofItem)];
}

function ofItem(item: { item_id: string }): Keeping {
  return { name: nameOfPath(`/api/v1/items/${item.item_id}`), octets: octetsOf(item) };
}

/** All changes since a place that are kept, one page after another, as one page. */
export async function changesSince(
  since: number,
  get: (name: string) => Promise<Octets | undefined>,
): Promise<HttpResponse> {
  const whole: ChangesPage = { changes: [], seq: since, more: false };
  for (;;) {
    const octets = await get(nameOfChanges(whole.seq));
    const page = octets && (valueOf(octets) as ChangesPage | undefined);
    if (!page || page.seq <= whole.seq) return answerOf(octetsOf(whole));
    whole.changes.push(...page.changes);
    whole.seq = page.seq;
  }
}

/** What to keep of a look-up: a certificate each. */
export function ofLookup(body: Uint8Array): Keeping[] {
  const { found = [] } = (valueOf(body) ?? {}) as Partial<Lookup>;
  return found.map((entry) => ({ name: nameOfCertificate(entry.username), octets: octetsOf(entry) }));
}

/** A look-up answered of what is kept: only when every name is. */
export async function lookedUp(
  request: HttpRequest,
  get: (name: string) => Promise<Octets | undefined>,
): Promise<HttpResponse | undefined> {
  const { usernames = [] } = (valueOf(request.body ?? new Uint8Array()) ?? {}) as { usernames?: string[] };
  const entries = await Promise.all(usernames.map((username) => get(nameOfCertificate(username))));
  const found = entries.flatMap((octets) => (octets ? [valueOf(octets)] : []));
  if (found.length < usernames.length) return undefined;
  return answerOf(octetsOf({ found, unknown: [] }));
}
