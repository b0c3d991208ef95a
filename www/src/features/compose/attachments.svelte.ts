import type { MailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type { DraftAttachment } from '../../crypto/views';

/** How far a file has come. */
export type FileStand =
  | { kind: 'waiting' }
  | { kind: 'uploading'; doneBytes: number; offline: boolean }
  | { kind: 'there'; attachment: DraftAttachment }
  | { kind: 'failed'; error: MailError };

/** One file that is attached, or on its way. */
export class AttachedFile {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** What is uploaded; none of a file that came with a draft. */
  readonly file: File | undefined;
  /** By what the text shows it, when it is a picture there. */
  readonly contentId: string | undefined;
  stand = $state.raw<FileStand>({ kind: 'waiting' });

  constructor(of: File | DraftAttachment, contentId?: string) {
    this.id = crypto.randomUUID();
    this.name = of.name;
    const isFile = of instanceof File;
    this.file = isFile ? of : undefined;
    this.sizeBytes = isFile ? of.size : of.sizeBytes;
    this.contentId = isFile ? contentId : of.contentId;
    if (!isFile) this.stand = { kind: 'there', attachment: of };
  }

  get isUnderWay(): boolean {
    return this.stand.kind === 'waiting' || this.stand.kind === 'uploading';
  }
}

/** What is attached to the message that is being written. Files go up one after the other, while it is written. */
export class AttachmentList {
  readonly #service: MailService;
  readonly #note: (thrown: unknown) => MailError;
  readonly #changed: () => void;
  list = $state.raw<AttachedFile[]>([]);
  /** The pictures that the text shows just now. One that it no longer shows is kept: the change may be undone. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
  shown = $state.raw<ReadonlySet<string>>(new Set());
  #running: Promise<void> | undefined;

  constructor(service: MailService, note: (thrown: unknown) => MailError, changed: () => void) {
    this.#service = service;
    this.#note = note;
    this.#changed = changed;
  }

  /** The files, and the pictures that the text shows. */
  get wanted(): AttachedFile[] {
    return this.list.filter(({ contentId }) => contentId === undefined || this.shown.has(contentId));
  }

  /** Those that are listed: files, and pictures while there is something to say of them. */
  get listed(): AttachedFile[] {
    return this.wanted.filter(({ contentId, stand }) => contentId === undefined || stand.kind !== 'there');
  }

  /** Those that are uploaded: what a draft and a message name. */
  get attached(): DraftAttachment[] {
    return this.wanted.flatMap(({ stand, contentId }) =>
      stand.kind === 'there'
        ? [contentId === undefined ? stand.attachment : { ...stand.attachment, contentId }]
        : [],
    );
  }

  get isUploading(): boolean {
    return this.wanted.some((file) => file.isUnderWay);
  }

  /** Whether one waits for the connection. */
  get isCutOff(): boolean {
    return this.wanted.some(({ stand }) => stand.kind === 'uploading' && stand.offline);
  }

  get hasFailed(): boolean {
    return this.wanted.some(({ stand }) => stand.kind === 'failed');
  }

  /** Takes what a draft has in place of all that there is. */
  set(attachments: readonly DraftAttachment[]): void {
    for (const file of this.list) if (file.isUnderWay) this.#cancel(file);
    this.list = attachments.map((attachment) => new AttachedFile(attachment));
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown follows it
    this.shown = new Set(attachments.flatMap(({ contentId }) => contentId ?? []));
  }

  /** Pictures that the text does not show after all go along as files. */
  fileUnseen(shown: readonly string[]): void {
    this.list = this.list.map((file) => {
      const { contentId, stand } = file;
      if (contentId === undefined || shown.includes(contentId) || stand.kind !== 'there') return file;
      return new AttachedFile({ ...stand.attachment, contentId: undefined });
    });
  }

  /** Attaches files. */
  add(files: Iterable<File>): void {
    this.#begin(Array.from(files, (file) => new AttachedFile(file)));
  }

  /** Attaches a picture that the text shows. */
  addPicture(file: File, contentId: string): void {
    this.#begin([new AttachedFile(file, contentId)]);
  }

  #begin(added: AttachedFile[]): void {
    if (added.length === 0) return;
    this.list = [...this.list, ...added];
    this.#changed();
    this.#run();
  }

  /** Takes one away, and ends its upload. */
  remove(file: AttachedFile): void {
    this.list = this.list.filter((other) => other !== file);
    this.#changed();
    if (file.isUnderWay) this.#cancel(file);
    // What a saved draft names stays until the draft is saved without it.
    else if (file.file && file.stand.kind === 'there') this.#giveUp(file.stand.attachment);
  }

  retry(file: AttachedFile): void {
    if (file.stand.kind !== 'failed') return;
    file.stand = { kind: 'waiting' };
    this.#run();
  }

  /** Tries again what failed for a reason that has passed. */
  retryInterrupted(): void {
    for (const file of this.list) {
      if (file.stand.kind === 'failed' && INTERRUPTIONS.has(file.stand.error.code)) this.retry(file);
    }
  }

  /** Waits until nothing is under way. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #run(): void {
    this.#running ??= this.#uploadAll().finally(() => (this.#running = undefined));
  }

  async #uploadAll(): Promise<void> {
    for (;;) {
      const next = this.list.find(({ stand }) => stand.kind === 'waiting');
      if (!next?.file) return;
      await this.#upload(next, next.file);
    }
  }

  async #upload(attached: AttachedFile, file: File): Promise<void> {
    attached.stand = { kind: 'uploading', doneBytes: 0, offline: false };
    try {
      const attachment = await this.#service.attach(attached.id, file, ({ doneBytes, waiting }) => {
        if (attached.stand.kind !== 'uploading') return;
        attached.stand = { kind: 'uploading', doneBytes, offline: waiting };
      });
      attached.stand = { kind: 'there', attachment };
      if (this.list.includes(attached)) this.#changed();
      else this.#giveUp(attachment);
    } catch (thrown) {
      // Nobody waits for what was taken away.
      if (!this.list.includes(attached)) return;
      attached.stand = { kind: 'failed', error: this.#note(thrown) };
    }
  }

  #cancel(file: AttachedFile): void {
    this.#service.cancelTransfer(file.id).catch(() => undefined); // it ends at the latest with its last piece
  }

  #giveUp(attachment: DraftAttachment): void {
    this.#service.detach(attachment).catch(() => undefined); // the server gives it up by itself after a day
  }
}

/** What ends an upload and says nothing of the file. */
const INTERRUPTIONS: ReadonlySet<string> = new Set(['no-session', 'worker-lost', 'offline']);
