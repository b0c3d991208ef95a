import type { Env, HttpRequest, HttpResponse, MailClient } from '../crypto/wasm/smail_crypto_wasm';
import {
  answerOf,
  changesSince,
  CONTACT,
  lookedUp,
  nameOfBlob,
  nameOfPath,
  octetsOf,
  ofBlob,
  ofChanges,
  ofLookup,
  ofPath,
  valueOf,
} from './answers';
import { DeviceSeal, type Octets } from './device-seal';
import { DeviceStore, type Keeping } from './device-store';
import { ruleFor, type Rule } from './rules';
import { keepsMail, keepStart, keptStart, type StartAnswers } from './start-record';

const LABEL = 's-mail/v1/device-cache';
/** The first page of a list, as lists ask for it. */
const PAGE_ROWS = 100;
/** So many messages are there without having been opened. */
const RECENT_MESSAGES = 50;
/** When the server was last reached is noted no more often than this. */
const NOTE_EVERY_MS = 60_000;

interface AccountView {
  account_id: string;
  seq: number;
}

/**
 * The worker's requests, with what is kept on the device behind them: blobs are taken from there first, being named by their
 * content, and everything else when the server does not answer. Nothing is kept of an account whose owner has not chosen so, but
 * for the certificates of whom one writes to, in memory.
 */
export class DeviceLink implements Env {
  readonly #env: Env;
  #store: DeviceStore | undefined;
  /** What the session began with. */
  #start: Partial<StartAnswers> = {};
  /** What was kept of an earlier session's beginning, when this one began without the server. */
  #kept: StartAnswers | undefined;
  readonly #certificates = new Map<string, Octets>();
  #isReplaying = false;
  #notedMs = 0;

  constructor(env: Env) {
    this.#env = env;
  }

  sleep = (ms: number) => this.#env.sleep(ms);
  nowMs = () => this.#env.nowMs();
  opening = (itemId: string) => this.#env.opening(itemId);
  opened = (itemId: string) => this.#env.opened(itemId);

  /** A client is about to be opened. */
  expectClient(): void {
    this.#start = {};
    this.#kept = undefined;
    this.#store?.close();
    this.#store = undefined;
  }

  /** Whether the client that is being opened was begun without the server. */
  get beganOffline(): boolean {
    return this.#kept !== undefined;
  }

  /** How much is kept, about; nothing when nothing is to be. */
  get bytes(): number | undefined {
    return this.#store?.bytes;
  }

  /** An account is open: what is kept of it can be. */
  async begin(client: MailClient): Promise<void> {
    const { id } = client.account();
    if (!(await keepsMail(id))) return;
    this.#store = await DeviceStore.open(id, await DeviceSeal.ofSecret(client.deviceKey(), LABEL));
    if (this.beganOffline) await this.#replay(client);
    else await this.#keepStart();
  }

  /** Fetches the mail at the top of the inbox, so that it is there, if any is to be kept. */
  async keepRecent(client: MailClient): Promise<void> {
    if (!this.#store || this.#kept) return;
    try {
      const inbox = (await client.folders()).find((folder) => folder.role === 'inbox');
      if (!inbox) return;
      const spec = {
        place: { kind: 'folder', id: inbox.id },
        sort: 'newest',
        filter: 'all',
        single: false,
      } as const;
      await client.list(inbox.id, undefined, PAGE_ROWS);
      const { rows } = await client.listRange(spec, 0, RECENT_MESSAGES);
      for (const { id } of rows) await client.prefetch(id);
    } catch {
      // What was not fetched now is kept when it is read.
    }
  }

  /** The envelope that a reload needs is another by now. */
  async envelopeChanged(): Promise<void> {
    if (!this.#store) return;
    try {
      await this.fetch({ method: 'GET', path: '/api/v1/account', headers: [] });
    } catch {
      // The next reload without a network asks for the password.
    }
  }

  /** When the server last answered, as far as is known here. */
  async contactMs(): Promise<number | undefined> {
    const octets = await this.#store?.get(CONTACT);
    const ms = octets && valueOf(octets);
    return typeof ms === 'number' ? ms : undefined;
  }

  fetch = async (request: HttpRequest): Promise<HttpResponse> => {
    const rule = ruleFor(request);
    if (!rule) return this.#env.fetch(request);
    if (rule.kind === 'blob') {
      const body = await this.#store?.get(nameOfBlob(rule.sha256));
      if (body) return { status: 200, contentType: 'application/octet-stream', body };
    }
    try {
      const answer = await this.#env.fetch(request);
      if (answer.status === 200) void this.#learn(rule, request, answer.body);
      return answer;
    } catch (thrown) {
      const answer = await this.#known(rule, request);
      if (answer) return answer;
      throw thrown;
    }
  };

  /** What is kept in place of an answer that did not come. */
  async #known(rule: Rule, request: HttpRequest): Promise<HttpResponse | undefined> {
    switch (rule.kind) {
      case 'start':
        this.#kept ??= await keptStart();
        return this.#kept && answerOf(octetsOf(this.#kept[rule.part]));
      case 'latest': {
        const body = await this.#store?.get(nameOfPath(request.path));
        return body && answerOf(body);
      }
      case 'lookup':
        return lookedUp(request, (name) => this.#certificate(name));
      case 'changes':
        return this.#isReplaying ? changesSince(rule.since, (name) => this.#read(name)) : undefined;
      case 'blob':
      case 'opening':
        return undefined;
    }
  }

  async #learn(rule: Rule, request: HttpRequest, body: Uint8Array): Promise<void> {
    switch (rule.kind) {
      case 'opening':
        return this.#learnStart('account', body);
      case 'start':
        return this.#learnStart(rule.part, body);
      case 'lookup':
        return this.#learnCertificates(ofLookup(body));
      case 'blob':
        return this.#keep(this.#store ? await ofBlob(rule.sha256, body) : []);
      case 'latest':
        return this.#keep(this.#store ? ofPath(request.path, body) : []);
      case 'changes':
        await this.#keep(this.#store ? ofChanges(rule.since, body) : []);
        return this.#noteContact();
    }
  }

  /** The session's first view of the account says where it began; later ones what it has become. */
  async #learnStart(part: keyof StartAnswers, body: Uint8Array): Promise<void> {
    const value = valueOf(body);
    // A log-in may be answered with a question first.
    if (part === 'account' && (value as Partial<AccountView> | undefined)?.account_id === undefined) return;
    const began = this.#start.account as AccountView | undefined;
    const isLater = part === 'account' && began !== undefined;
    this.#start[part] = isLater ? { ...(value as AccountView), seq: began.seq } : value;
    if (this.#store) await this.#keepStart();
  }

  async #keepStart(): Promise<void> {
    const { account, server, state } = this.#start;
    if (!account || !server || !state || this.#kept) return;
    const { account_id } = account as AccountView;
    await keepStart(account_id, { account, server, state }).catch(() => undefined);
  }

  async #learnCertificates(keepings: Keeping[]): Promise<void> {
    for (const { name, octets } of keepings) this.#certificates.set(name, octets);
    await this.#keep(keepings);
  }

  async #certificate(name: string): Promise<Octets | undefined> {
    return this.#certificates.get(name) ?? (await this.#read(name));
  }

  async #read(name: string): Promise<Octets | undefined> {
    return this.#store?.get(name);
  }

  async #keep(keepings: Keeping[]): Promise<void> {
    if (keepings.length > 0) await this.#store?.keep(...keepings);
  }

  async #noteContact(): Promise<void> {
    const nowMs = Date.now();
    if (!this.#store || nowMs - this.#notedMs < NOTE_EVERY_MS) return;
    this.#notedMs = nowMs;
    await this.#store.keep({ name: CONTACT, octets: octetsOf(nowMs) });
  }

  /** Tells the client what had changed since the kept session began, as far as that session heard of it. */
  async #replay(client: MailClient): Promise<void> {
    this.#isReplaying = true;
    try {
      await client.sync();
    } catch {
      // It shows what it has.
    } finally {
      this.#isReplaying = false;
    }
  }
}
