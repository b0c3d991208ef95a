import { MailError } from '../../crypto/errors';
import type { MailService, OnStep } from '../../crypto/mail-service';
import type { Draft, MessageRow, Signature, Step } from '../../crypto/views';
import { AttachmentList } from './attachments.svelte';
import { Autosave } from './autosave';
import type { Body } from './body';
import { EMPTY } from './new-draft';
import { PictureAddresses } from './pictures';
import { signedAnew, signedText } from './signature';
import { RecipientField, trouble, type Recipient, type RecipientKind } from './recipients.svelte';

export type ComposePhase = { kind: 'closed' } | { kind: 'writing' } | { kind: 'sending'; step: Step };

/** Whether the text can be formatted. */
export type TextMode = 'rich' | 'plain';

export type SaveState =
  { kind: 'untouched' } | { kind: 'unsaved' } | { kind: 'saving' } | { kind: 'saved' } | { kind: 'failed' };

/** What compose tells the rest of the page. */
export interface ComposeListener {
  note(thrown: unknown): MailError;
  sent(row: MessageRow): void;
  /** For how long what is sent is held, so that it can be undone, in milliseconds. */
  undoMs(): number;
  /** What a new message, or an answer, is signed with. */
  signature(isAnswer: boolean): Signature | undefined;
  /** It waits on the server as this row, and goes out after so long; so shortly that it may be undone, or at a time that was chosen. */
  waits(row: MessageRow, afterMs: number, isUndo: boolean): void;
  /** The draft is on the server as this row, and is written on. */
  saved(row: MessageRow): void;
  /** The draft is in its folder and the window closed. */
  kept(): void;
  /** The draft is thrown away and the window closed; `bringBack` opens it again. */
  discarded(bringBack: () => void): void;
}

const NOBODY = new MailError({ code: 'no-recipients', message: 'Say who this goes to.', field: 'to' });
/** No list shows more of one. */
const MAX_SUBJECT_CHARS = 1_000;
const SUBJECT_TOO_LONG = new MailError({
  code: 'message-header-too-large',
  message: 'A subject can have at most 1000 characters. Put the rest into the text.',
  field: 'subject',
});
const NOT_SENT = new MailError({
  code: 'unexpected',
  message: 'The message did not go out: the connection was lost. Send it again.',
});
const WENT_OUT_BEFORE = new MailError({
  code: 'send-went-out',
  message:
    'The message went out as it was before you changed it: it is in Sent. What you wrote since is kept here.',
});
const FILES_MISSING = new MailError({
  code: 'unexpected',
  message: 'Some files are not attached. Try them again, or remove them.',
});
const FILES_CUT_OFF = new MailError({
  code: 'offline',
  message: 'Files are still on their way, and there is no connection. Wait for it, or cancel them.',
});
/** As long as the notice by which a discarded draft can be brought back is on show. */
const UNDO_MS = 6_500;

/** The message that is being written. */
export class Compose {
  readonly #service: MailService;
  readonly #listener: ComposeListener;
  readonly #autosave = new Autosave(() => this.#save());
  readonly to: RecipientField;
  readonly cc: RecipientField;
  readonly bcc: RecipientField;
  readonly attachments: AttachmentList;
  readonly pictures: PictureAddresses;
  phase = $state<ComposePhase>({ kind: 'closed' });
  saved = $state.raw<SaveState>({ kind: 'untouched' });
  /** The draft was changed or removed elsewhere meanwhile: what is written here has become one of its own. */
  isApart = $state(false);
  /** Why the last save that ended did not keep it. */
  saveError = $state.raw<MailError | undefined>();
  #forgotten = $state.raw<string | undefined>();
  /** Why it could not be sent. */
  error = $state.raw<MailError | undefined>();
  mode = $state<TextMode>('rich');
  /** Counts what was opened in it: each begins with an editor of its own. */
  opened = $state(0);
  #subject = $state('');
  #text = $state('');
  #html: string | undefined;
  /** What it is signed with, as far as it was chosen here. */
  signature = $state.raw<Signature | undefined>();
  /** What it began with, until something is written. */
  beginning: { text: string; signature: Signature | undefined } | undefined;
  /** Set by an editor: puts another signature into its document. */
  signInEditor: ((signature: Signature | undefined) => void) | undefined;
  #base: Draft = EMPTY;
  /** Whether the server may have the draft: also when it did not answer. */
  #mayBeKept = false;
  #sendAgain = false;
  /** After how long it is to go out, when a time was chosen. */
  #afterMs: number | undefined;
  /** What was last tried to be sent. */
  #triedWords = '';

  constructor(service: MailService, listener: ComposeListener) {
    this.#service = service;
    this.#listener = listener;
    const field = (kind: 'to' | 'cc' | 'bcc') =>
      new RecipientField(
        kind,
        service,
        (thrown) => listener.note(thrown),
        () => this.#recipientsChanged(kind),
      );
    this.to = field('to');
    this.cc = field('cc');
    this.bcc = field('bcc');
    this.attachments = new AttachmentList(
      service,
      (thrown) => listener.note(thrown),
      () => this.#touched(),
    );
    this.pictures = new PictureAddresses(service, this.attachments);
  }

  /** What names the draft, also before it is kept. */
  get id(): string | undefined {
    return this.#base.id;
  }

  get subject(): string {
    return this.#subject;
  }
  set subject(subject: string) {
    this.#subject = subject;
    this.#touched();
  }

  get text(): string {
    return this.#text;
  }
  set text(text: string) {
    this.write({ text, html: undefined, contentIds: [] });
  }

  /** The text is now this. */
  write(body: Body): void {
    this.beginning = undefined;
    this.begin(body);
    this.#touched();
  }

  /** The same without a change by the person: what it was opened with, in the form in which it is written on. */
  begin({ text, html, contentIds }: Body): void {
    this.#text = text;
    this.#html = html;
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown follows it
    this.attachments.shown = new Set(contentIds);
  }

  /** What it was opened with, or was last written: what an editor begins with. */
  get draft(): Draft {
    return this.#draft();
  }

  /** Signs with another signature, or with none. */
  sign(signature: Signature | undefined): void {
    const before = this.signature;
    this.signature = signature;
    if (this.mode === 'rich' && this.signInEditor) this.signInEditor(signature);
    else this.text = signedAnew(this.#text, before, signature);
  }

  /** Puts a picture among what is attached; the text shows it by the id. */
  addPicture(file: File): string {
    const contentId = `${newItemId()}@s-mail`;
    this.attachments.addPicture(file, contentId);
    return contentId;
  }

  /** The word that says something is attached, when nothing is, and it was to be sent. */
  get forgotten(): string | undefined {
    return this.attachments.wanted.length > 0 ? undefined : this.#forgotten;
  }

  get isOpen(): boolean {
    return this.phase.kind !== 'closed';
  }

  /** Whether there is something that a person has typed. */
  get hasText(): boolean {
    return this.isOpen && this.saved.kind !== 'untouched';
  }

  /** Whether closing the page now would lose something. */
  get hasUnsavedText(): boolean {
    const isUnsaved = this.saved.kind !== 'untouched' && this.saved.kind !== 'saved';
    return this.isOpen && (isUnsaved || this.attachments.isUploading);
  }

  get fields(): RecipientField[] {
    return [this.to, this.cc, this.bcc];
  }

  /** Recipients that stand in the way of sending. */
  get troubled(): Recipient[] {
    return this.fields.flatMap((field) => field.list).filter((recipient) => trouble(recipient) !== undefined);
  }

  /** Opens the window with a draft, or an empty one. What was being written before is kept first. */
  async open(draft: Draft = EMPTY, signature?: Signature): Promise<void> {
    if (this.isOpen && !(await this.close())) return;
    this.#base = { ...draft, id: draft.id ?? newItemId() };
    this.#mayBeKept = draft.id !== undefined;
    this.#subject = draft.subject;
    this.signature = signature;
    this.beginning = { text: draft.text, signature };
    this.#text = signedText(draft.text, signature);
    this.#html = draft.html;
    this.to.set(draft.to);
    this.cc.set(draft.cc);
    this.bcc.set(draft.bcc);
    this.attachments.set(draft.attachments ?? []);
    this.#autosave.cancel();
    this.error = undefined;
    this.#forgotten = undefined;
    this.saveError = undefined;
    this.isApart = false;
    this.saved = { kind: 'untouched' };
    this.mode = 'rich';
    this.opened += 1;
    this.phase = { kind: 'writing' };
  }

  /**
   * Sends. When it fails, everything stays as it is and `error` says why. Asks first when the text says that something
   * is attached and nothing is, unless it is to be sent as it is.
   */
  async send(asItIs = false): Promise<void> {
    // Asked again, it goes out when it was to go out.
    await this.#send(asItIs, asItIs ? this.#afterMs : undefined);
  }

  /** Sends so many milliseconds from now; as `send` otherwise. */
  async sendLater(afterMs: number): Promise<void> {
    await this.#send(false, afterMs);
  }

  async #send(asItIs: boolean, afterMs: number | undefined): Promise<void> {
    if (this.phase.kind !== 'writing') return;
    this.#afterMs = afterMs;
    for (const field of this.fields) field.commit();
    this.error = this.#hasRecipients() ? undefined : NOBODY;
    if (this.subject.length > MAX_SUBJECT_CHARS) this.error ??= SUBJECT_TOO_LONG;
    this.#forgotten = undefined;
    if (this.error) return;
    this.#autosave.cancel();
    this.phase = { kind: 'sending', step: 'looking-up' };
    if (!asItIs && (await this.#mayHaveForgotten())) return;
    this.#triedWords = this.#words();
    try {
      await this.#autosave.settled();
      if (!(await this.#filesAreThere())) return;
      const hold = await this.#handOver(afterMs);
      this.#clear();
      hold();
    } catch (thrown) {
      await this.#sendFailed(thrown);
    }
  }

  /** Gives it to the server, to be delivered now or later; what is then to be told. */
  async #handOver(chosenMs: number | undefined): Promise<() => void> {
    const onStep = (step: Step) => (this.phase = { kind: 'sending', step });
    const afterMs = chosenMs ?? this.#listener.undoMs();
    if (afterMs > 0) {
      const row = await this.#wait(afterMs, chosenMs !== undefined, onStep);
      if (row) return () => this.#listener.waits(row, afterMs, chosenMs === undefined);
    }
    const { row } = await this.#service.send(this.#draft(), onStep);
    return () => this.#listener.sent(row);
  }

  /** Lets it wait on the server; nothing when that is out of reach and no time was chosen: sending waits for it, too. */
  async #wait(afterMs: number, isChosen: boolean, onStep: OnStep): Promise<MessageRow | undefined> {
    try {
      return await this.#service.sendLater(this.#draft(), afterMs, onStep);
    } catch (thrown) {
      if (!isChosen && this.#listener.note(thrown).code === 'offline') return undefined;
      throw thrown;
    }
  }

  /** Closes the window and keeps the draft; answers false when it could not be kept, and stays open then. */
  async close(): Promise<boolean> {
    if (this.phase.kind === 'sending') return false;
    for (const field of this.fields) field.commit();
    if (this.saved.kind === 'untouched') {
      this.#clear();
      return true;
    }
    if (this.attachments.isCutOff) {
      this.error = FILES_CUT_OFF;
      return false;
    }
    if (!(await this.#filesAreThere())) return false;
    this.#autosave.cancel();
    await this.#autosave.settled();
    if (this.hasUnsavedText) await this.#autosave.now();
    if (this.hasUnsavedText) return false;
    this.#clear();
    this.#listener.kept();
    return true;
  }

  /** Closes the window and throws the draft away. The listener is told how it can be brought back. */
  async discard(): Promise<void> {
    const [to, cc, bcc] = [this.to.written, this.cc.written, this.bcc.written];
    // With the draft its files go: until they can no longer be wanted back, it stays.
    const keepsFiles = this.#mayBeKept && this.attachments.attached.length > 0;
    const written = { ...this.#draft(), to, cc, bcc };
    const discarded = keepsFiles ? written : { ...written, id: undefined, version: undefined };
    const undo = { isBack: false };
    const bringBack = () => {
      undo.isBack = true;
      void this.#bringBack(discarded);
    };
    if (this.hasText || this.#mayBeKept) this.#listener.discarded(bringBack);
    this.#autosave.cancel();
    await this.#autosave.settled();
    const id = this.#mayBeKept ? this.#base.id : undefined;
    this.#clear();
    if (id === undefined) return;
    if (keepsFiles) await new Promise((resolve) => setTimeout(resolve, UNDO_MS));
    if (undo.isBack || this.#base.id === id) return;
    try {
      await this.#service.discardDraft(id);
    } catch (thrown) {
      this.#listener.note(thrown);
    }
  }

  async acceptKey(address: string, fingerprint: string): Promise<void> {
    try {
      await this.#service.acceptChangedKey(address, fingerprint);
      this.error = undefined;
      await Promise.all(this.fields.map((field) => field.check(isBlocked)));
    } catch (thrown) {
      this.error = this.#listener.note(thrown);
    }
  }

  /** The session that had ended is open again: goes on with what it interrupted. */
  async sessionReturned(): Promise<void> {
    if (!this.isOpen) return;
    this.error = undefined;
    await this.#askAgain();
    this.attachments.retryInterrupted();
    if (this.#sendAgain) await this.send(true);
    else if (this.hasUnsavedText) await this.#autosave.now();
  }

  /** The server was reached: looks up whom it could not be asked about, and keeps what could not be kept. */
  async serverReached(): Promise<void> {
    if (this.phase.kind !== 'writing') return;
    if (this.error?.code === 'offline') this.error = undefined;
    if (this.error?.code === 'send-unconfirmed' && (await this.#wentOut())) return;
    await this.#askAgain();
    if (this.saved.kind === 'failed') await this.#autosave.now();
  }

  async #bringBack(draft: Draft): Promise<void> {
    await this.open(draft);
    this.#touched();
  }

  /** Drops everything, as when the account is left. */
  drop(): void {
    this.#clear();
  }

  /** Saves at once what is not saved yet. */
  async saveNow(): Promise<void> {
    if (this.phase.kind === 'writing' && this.saved.kind === 'unsaved') await this.#autosave.now();
  }

  async #sendFailed(thrown: unknown): Promise<void> {
    // Writing first: whoever hears that the session is over asks whether there is unsent text.
    this.phase = { kind: 'writing' };
    this.saved = { kind: 'unsaved' };
    const error = this.#listener.note(thrown);
    this.error = error;
    this.#sendAgain = error.code === 'no-session';
    if (this.#sendAgain) return;
    this.#autosave.touch();
    await Promise.all(this.fields.map((field) => field.check(() => true)));
  }

  /** What was said of those who were there is not said of others. */
  #recipientsChanged(kind: RecipientKind): void {
    if (this.phase.kind === 'writing' && this.error?.field === kind && this.error !== NOBODY)
      this.error = undefined;
    this.#touched();
  }

  #touched(): void {
    if (this.phase.kind !== 'writing') return;
    if (this.error === NOBODY && this.#hasRecipients()) this.error = undefined;
    this.saved = { kind: 'unsaved' };
    this.#autosave.touch();
  }

  #hasRecipients(): boolean {
    return this.fields.some((field) => field.list.length > 0);
  }

  async #save(): Promise<void> {
    if (!this.isOpen) return;
    this.saved = { kind: 'saving' };
    this.#mayBeKept = true;
    try {
      const draft = this.#draft();
      const row = await this.#service.saveDraft(draft);
      if (row.id !== draft.id) this.isApart = true;
      this.#base = { ...this.#base, id: row.id, version: row.version };
      this.saveError = undefined;
      this.#listener.saved(row);
      void this.#askAgain();
      // Unless something was typed meanwhile.
      if (this.#isSaving()) this.saved = { kind: 'saved' };
    } catch (thrown) {
      const error = this.#listener.note(thrown);
      this.saved = { kind: 'failed' };
      // That the session is over is told where one can log in again, and then it is saved.
      if (error.code === 'no-session') return;
      this.saveError = error;
      this.#autosave.tryLater();
    }
  }

  /** Waits for files that are on their way. False: some did not come, and it is said. */
  async #filesAreThere(): Promise<boolean> {
    if (this.attachments.isUploading && this.phase.kind === 'sending') {
      this.phase = { kind: 'sending', step: 'uploading' };
    }
    await this.attachments.settled();
    if (!this.attachments.hasFailed) return true;
    if (this.isOpen) this.phase = { kind: 'writing' };
    this.error = FILES_MISSING;
    return false;
  }

  /** Asks the worker whether the text speaks of an attachment that is not there; writing goes on if so. */
  async #mayHaveForgotten(): Promise<boolean> {
    if (this.attachments.wanted.length > 0) return false;
    try {
      this.#forgotten = await this.#service.saysAttached(this.#subject, this.#text);
    } catch {
      return false; // a question that cannot be asked does not stand in the way
    }
    if (this.#forgotten === undefined) return false;
    this.phase = { kind: 'writing' };
    if (this.saved.kind === 'unsaved') this.#autosave.touch();
    return true;
  }

  /** Whether the send that had no answer went out; the window is then closed, as after any other. */
  async #wentOut(): Promise<boolean> {
    await this.#autosave.settled();
    try {
      const receipt = await this.#service.confirmSent(this.#draft());
      if (!receipt) {
        this.error = NOT_SENT;
        return false;
      }
      if (this.#words() === this.#triedWords) this.#clear();
      else this.#goOnAsAnother();
      this.#listener.sent(receipt.row);
      return true;
    } catch (thrown) {
      this.#listener.note(thrown); // asked again the next time
      return false;
    }
  }

  /** What was written is no longer the message that went out. */
  #goOnAsAnother(): void {
    this.error = WENT_OUT_BEFORE;
    this.#base = { ...this.#base, id: newItemId(), version: undefined };
    this.#mayBeKept = false;
    this.#touched();
  }

  #words(): string {
    return JSON.stringify({ ...this.#draft(), id: undefined, version: undefined });
  }

  /** Looks up whom the server could not be asked about before. */
  async #askAgain(): Promise<void> {
    await Promise.all(this.fields.map((field) => field.check()));
  }

  #isSaving(): boolean {
    return this.saved.kind === 'saving';
  }

  #draft(): Draft {
    const { to, cc, bcc } = this;
    return {
      ...this.#base,
      to: to.typed,
      cc: cc.typed,
      bcc: bcc.typed,
      subject: this.#subject,
      text: this.#text,
      html: this.#html,
      attachments: this.attachments.attached,
    };
  }

  #clear(): void {
    this.#autosave.cancel();
    this.phase = { kind: 'closed' };
    this.saved = { kind: 'untouched' };
    this.error = undefined;
    this.saveError = undefined;
    this.isApart = false;
    this.#forgotten = undefined;
    this.#sendAgain = false;
    this.#afterMs = undefined;
    this.#mayBeKept = false;
    this.#base = EMPTY;
    this.#subject = '';
    this.#text = '';
    this.#html = undefined;
    this.pictures.clear();
    this.signature = undefined;
    this.beginning = undefined;
    for (const field of this.fields) field.set([]);
    this.attachments.set([]);
  }
}

/** An id for a draft that is begun: the server may have it before it says so. */
function newItemId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function isBlocked(recipient: Recipient): boolean {
  return trouble(recipient) !== undefined;
}
