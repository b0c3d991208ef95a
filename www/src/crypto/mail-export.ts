import { makeZip } from 'client-zip';
import { errorRecord, MailError, type ErrorRecord } from './errors';
import { sinkFor, type FileSink } from './file-sink';
import type { ExportFailure, ExportOutcome, ExportProgress, ExportRequest } from './mail-service';
import type { ExportForm, ExportItem, ExportPlan } from './views';
import type { MailClient } from './wasm/smail_crypto_wasm';

/** How long a server that cannot be reached is left alone. */
const RETRY_MS = 2_000;
/** Octets that are put together before the browser gets them. */
const PIECE_BYTES = 1_000_000;
const CANCELLED: ErrorRecord = { code: 'cancelled', message: 'This was cancelled.' };

/** Whoever watches: told how far it is, asked whether to go on. */
interface Watch {
  tell: (progress: ExportProgress) => void;
  goesOn: () => boolean;
}

/** What the client is asked for. */
export type ExportClient = Pick<MailClient, 'exportPlan' | 'exportMessage'>;

/** The octets of one message, which are in the browser's hands as they come, not in the module's. */
export async function messageFile(
  client: ExportClient,
  itemId: string,
  form: ExportForm,
  watch: (doneBytes: number, waiting: boolean) => boolean,
): Promise<Blob> {
  const parts: BlobPart[] = [];
  let [loose, bytes]: [Uint8Array<ArrayBuffer>[], number] = [[], 0];
  await client.exportMessage(itemId, form, watch, (octets) => {
    loose.push(octets);
    bytes += octets.byteLength;
    if (bytes < PIECE_BYTES) return;
    parts.push(new Blob(loose));
    [loose, bytes] = [[], 0];
  });
  return new Blob([...parts, ...loose]);
}

/** Gives the messages of a folder, or all, into one file. What does not open is told of, and the rest is given all the same. */
export async function exportMail(
  client: ExportClient,
  request: ExportRequest,
  watch: Watch,
): Promise<ExportOutcome> {
  const sink = await sinkFor(request.target);
  try {
    const plan = await client.exportPlan(request.folderId);
    const run = new ExportRun(client, plan, watch);
    await (request.form === 'mbox' ? run.writeMbox(sink) : run.writeZip(sink));
    return { done: run.done, drafts: plan.drafts, failed: run.failed, file: await sink.close() };
  } catch (thrown) {
    await sink.abort();
    throw thrown;
  }
}

class ExportRun {
  readonly #client: ExportClient;
  readonly #plan: ExportPlan;
  readonly #watch: Watch;
  readonly failed: ExportFailure[] = [];
  done = 0;
  #bytes = 0;

  constructor(client: ExportClient, plan: ExportPlan, watch: Watch) {
    this.#client = client;
    this.#plan = plan;
    this.#watch = watch;
    this.#tell(false);
  }

  async writeMbox(sink: FileSink): Promise<void> {
    for await (const { file } of this.#files('mbox')) await sink.write(file);
  }

  async writeZip(sink: FileSink): Promise<void> {
    const reader = makeZip(this.#zipped()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      await sink.write(new Uint8Array(value));
    }
  }

  async *#zipped() {
    const taken = new Set<string>();
    for await (const { item, file } of this.#files('message')) {
      yield { name: freeName(item, taken), lastModified: new Date(item.cameMs), input: file };
    }
    if (this.failed.length > 0) {
      yield { name: 'errors.txt', lastModified: new Date(), input: new Blob([failureList(this.failed)]) };
    }
  }

  async *#files(form: ExportForm): AsyncGenerator<{ item: ExportItem; file: Blob }> {
    for (const item of this.#plan.items) {
      const file = await this.#fetch(item, form);
      if (!file) continue;
      yield { item, file };
      this.done += 1;
      this.#bytes += file.size;
      this.#tell(false);
    }
  }

  /** A message; undefined when it does not open. A server that cannot be reached is waited for. */
  async #fetch(item: ExportItem, form: ExportForm): Promise<Blob | undefined> {
    for (;;) {
      if (!this.#watch.goesOn()) throw new MailError(CANCELLED);
      try {
        return await messageFile(this.#client, item.id, form, () => this.#watch.goesOn());
      } catch (thrown) {
        // A trap is the worker's end, not this message's.
        if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
        const error = errorRecord(thrown);
        if (error.code === 'cancelled' || error.code === 'no-session') throw thrown;
        if (error.code !== 'offline' && error.code !== 'too-many-requests') {
          const { folder, subject, cameMs } = item;
          this.failed.push({ folder, subject, cameMs, reason: error.message });
          this.#tell(false);
          return undefined;
        }
        this.#tell(true);
        await new Promise((resolve) => setTimeout(resolve, (error.retryAfterS ?? 0) * 1000 + RETRY_MS));
      }
    }
  }

  #tell(waiting: boolean): void {
    this.#watch.tell({
      done: this.done + this.failed.length,
      total: this.#plan.items.length,
      bytes: this.#bytes,
      waiting,
    });
  }
}

/** The list of what was not given out, as a file: a line each. */
export function failureList(failed: readonly ExportFailure[]): string {
  return failed
    .map(({ folder, subject, cameMs, reason }) =>
      [new Date(cameMs).toISOString(), folder, subject.replace(/\s+/g, ' '), reason].join('\t'),
    )
    .map((line) => `${line}\r\n`)
    .join('');
}

/** A path in the zip that nothing else has, whatever a file system makes of capitals. */
function freeName({ folder, name }: ExportItem, taken: Set<string>): string {
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? `${folder}/${name}.eml` : `${folder}/${name} (${number}).eml`;
    const same = path.toLowerCase();
    if (taken.has(same)) continue;
    taken.add(same);
    return path;
  }
}
