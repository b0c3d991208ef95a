import { ChangeFeed } from './change-feed';
import { errorRecord } from './errors';
import { Intake } from './intake';
import { IndexBuilder } from './index-builder';
import type { MailEvent } from './mail-service';
import { makeResumeSecret } from './resume-key';
import type { Folder, ListRange, ListSpec, SyncOutcome } from './views';
import type { MailClient } from './wasm/smail_crypto_wasm';

/** The module cannot be trusted any more after a trap: whoever watches the worker has to hear of it. */
function unlessTrapped(thrown: unknown): void {
  if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
}

/** An open account in the worker: its client, and the feed that keeps it in step with the server. */
export class OpenAccount {
  readonly client: MailClient;
  readonly index: IndexBuilder;
  readonly #tell: (event: MailEvent) => void;
  readonly #keptForResume: () => unknown;
  readonly #feed: ChangeFeed;
  readonly #intake: Intake;
  /** The folders, asked for before the page does, which is then told of these. */
  #folders: Promise<Folder[]> | undefined;
  #syncing: Promise<SyncOutcome> | undefined;
  #again = false;
  #over = false;
  #renewing = false;

  /** `keptForResume` hears when what a reload needs is another. */
  constructor(client: MailClient, tell: (event: MailEvent) => void, keptForResume: () => unknown) {
    this.client = client;
    this.#tell = tell;
    this.#keptForResume = keptForResume;
    this.#folders = client.folders();
    this.#folders.catch(unlessTrapped);
    // Whoever asks for the inbox then waits for this, and is told why if it does not come.
    client.beginInbox().catch(unlessTrapped);
    this.#intake = new Intake(client, (reached) => this.#say({ kind: 'taken-in', reached }));
    this.index = new IndexBuilder(
      () => client.indexStep(),
      (progress) => this.#say({ kind: 'indexed', progress }),
    );
    this.#feed = new ChangeFeed(client.account().id, {
      changed: () => this.#catchUp(),
      lost: () => this.#feedLost(),
    });
  }

  /**
   * Leaves with the session, which is a new one after each login, what a reload needs. Without it a reload asks for
   * the password: no more is lost.
   */
  async keepForResume(): Promise<void> {
    try {
      const secret = await makeResumeSecret(this.client.account().id);
      await this.client.keepForResume(secret);
      secret.fill(0);
      this.#keptForResume();
    } catch (thrown) {
      if (errorRecord(thrown).code === 'no-session') this.#sessionEnded();
    }
  }

  /**
   * Does something in which the session becomes a new one. The feed of the old one may break off before the browser has
   * the new one's cookie; a request that is refused meanwhile does not mean that the person was logged out.
   */
  async renewSession(work: () => Promise<void>): Promise<void> {
    this.#renewing = true;
    try {
      await work();
    } finally {
      this.#renewing = false;
    }
    void this.keepForResume();
  }

  /**
   * Does what ends the account, in which the session becomes a new one first. If it fails, the account goes on; if not,
   * that its session ends is no news.
   */
  async lastWork(work: () => Promise<void>): Promise<void> {
    this.#renewing = true;
    try {
      await work();
      this.hush();
    } catch (thrown) {
      void this.keepForResume();
      throw thrown;
    } finally {
      this.#renewing = false;
    }
  }

  /** The folders with their counts. */
  async folders(): Promise<Folder[]> {
    const first = this.#folders;
    this.#folders = undefined;
    return first ?? this.client.folders();
  }

  /** Rows of a list. After the first ones, which somebody waits for, everything else is taken in. */
  async listRange(spec: ListSpec, start: number, end: number, anchor?: string): Promise<ListRange> {
    const range = await this.client.listRange(spec, start, end, anchor);
    this.#intake.start();
    return range;
  }

  /** Fetches what changed. One at a time: what is asked for meanwhile comes with one more. */
  sync(): Promise<SyncOutcome> {
    if (this.#syncing) this.#again = true;
    this.#syncing ??= this.#syncUntilQuiet().finally(() => (this.#syncing = undefined));
    return this.#syncing;
  }

  /** The page has reason to believe that the server can be reached again. */
  async syncNow(): Promise<SyncOutcome> {
    this.#feed.hurry();
    return this.sync();
  }

  /** Stops listening: what the server says from now on is not news. */
  hush(): void {
    this.#over = true;
    this.index.end();
    this.#feed.end();
    this.#intake.end();
  }

  /** Ends the feed and wipes the keys. */
  close(): void {
    this.hush();
    try {
      this.client.free();
    } catch {
      // A call is under way and holds it. The keys go with the worker, or when the call is done.
    }
  }

  async #syncUntilQuiet(): Promise<SyncOutcome> {
    for (;;) {
      this.#again = false;
      const outcome = await this.client.sync();
      this.#say({ kind: 'synced', outcome });
      this.index.wake();
      if (!this.#isWantedAgain()) return outcome;
    }
  }

  #isWantedAgain(): boolean {
    return this.#again;
  }

  #catchUp(): void {
    this.#say({ kind: 'connection', online: true });
    this.sync().catch((thrown: unknown) => this.#syncFailed(thrown));
  }

  /** The feed does not say why it was lost; a request does. */
  #feedLost(): void {
    this.sync().catch((thrown: unknown) => this.#syncFailed(thrown));
  }

  #syncFailed(thrown: unknown): void {
    const { code } = errorRecord(thrown);
    if (code === 'no-session') this.#sessionEnded();
    else this.#say({ kind: 'connection', online: false });
  }

  #sessionEnded(): void {
    if (this.#renewing) return;
    this.index.end();
    this.#feed.end();
    this.#say({ kind: 'session-ended' });
  }

  #say(event: MailEvent): void {
    if (!this.#over) this.#tell(event);
  }
}
