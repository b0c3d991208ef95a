import { MailError, type ErrorRecord } from '../src/crypto/errors';
import type {
  Credentials,
  FlagChange,
  LogInAnswer,
  MailCalls,
  MailEvent,
  MailService,
  OnStep,
  Recovery,
} from '../src/crypto/mail-service';
import type {
  AccountInfo,
  Contents,
  ConversationView,
  Draft,
  DraftAttachment,
  Folder,
  FolderRole,
  Label,
  LabelColour,
  ListRange,
  ListSpec,
  MessagePage,
  MessageRow,
  MessageView,
  Operation,
  Organised,
  QuoteWords,
  SavedSearch,
  SearchResults,
  SentReceipt,
  SettingsChange,
  Signature,
  Step,
  SyncOutcome,
  Woken,
} from '../src/crypto/views';
import { FakeContactCalls } from './fake-contact-calls';
import { FINGERPRINT, KNOWN, recipientStatus } from './fake-directory';
import { FakeGuard } from './fake-guard';
import { fakeForward, fakeReply } from './fake-drafts';
import { ORDERS, passes } from './fake-list';
import { FakeDevice } from './fake-device';
import { FakeOrganiser } from './fake-organiser';
import { EMPTY_DRAFT, FOLDERS, rowOf, seededMail, stored, type Stored } from './fake-mail';
import { FakeOwn } from './fake-own';
import { searchFake } from './fake-search';
import { attachFake, exportFake, importFake, messageFake } from './fake-transfers';

export interface FakeOptions {
  /** How long each step takes. */
  delayMs: number;
  /** An account is open from the start, as after a reload. */
  resumes?: boolean;
}

/** A mail service in memory, for unit tests and for looking at the screens without a server. */
export class FakeClient extends FakeContactCalls implements MailService {
  readonly #options: FakeOptions;
  readonly #listeners = new Set<(event: MailEvent) => void>();
  readonly #failures = new Map<keyof MailCalls, ErrorRecord>();
  readonly calls: (keyof MailCalls)[] = [];
  mail: Stored[] = seededMail(Date.now());
  #nextId = 1_000;
  #version = 0;
  /** Ids of messages that are one conversation each, oldest first. */
  conversations: string[][] = [];
  /** How mail was to be taken in. */
  readonly imports: Parameters<MailCalls['importMail']>[2][] = [];

  constructor(options: FakeOptions) {
    super();
    this.#options = options;
  }

  /** Makes the next call of this name fail. */
  failNext(name: keyof MailCalls, error: ErrorRecord): void {
    this.#failures.set(name, error);
  }

  /** The id of a folder's message, counted from the latest. */
  idOf(role: FolderRole, at: number): string {
    const id = this.#in(`folder-${role}`)[at]?.row.id;
    if (id === undefined) throw new Error(`no message ${at} in ${role}`);
    return id;
  }

  emit(event: MailEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  readonly device = new FakeDevice((event) => this.emit(event));
  readonly outbox = this.device.outbox;
  readonly retryOutbox = this.device.retryOutbox;
  readonly takeOutOfOutbox = this.device.takeOutOfOutbox;
  readonly deviceState = this.device.deviceState;
  readonly keepMail = this.device.keepMail;
  /** How often the keys were to be forgotten at once. */
  forgotKeys = 0;

  subscribe(listener: (event: MailEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async resume(): Promise<AccountInfo | null> {
    await this.#begin('resume');
    return this.#options.resumes ? this.#account('alice') : null;
  }

  async signUp({ username }: Credentials, onStep: OnStep): Promise<AccountInfo> {
    await this.#begin('signUp', onStep, 'contacting', 'stretching-password', 'making-keys');
    if (KNOWN.includes(username)) {
      throw new MailError({
        code: 'username-taken',
        message: 'This name is taken. Choose another.',
        field: 'username',
      });
    }
    return this.#account(username);
  }

  async logIn({ username, password }: Credentials, onStep: OnStep): Promise<LogInAnswer> {
    await this.#begin('logIn', onStep, 'contacting', 'stretching-password', 'opening-keys');
    if (password === 'wrong') {
      throw new MailError({ code: 'login-failed', message: 'The user name or the password is wrong.' });
    }
    const { kinds } = this.guard;
    if (kinds.length > 0) {
      this.#asking = username;
      return { asked: { kinds, expiresInS: 300 } };
    }
    return { account: this.#account(username) };
  }

  async recover({ username }: Recovery, onStep: OnStep): Promise<LogInAnswer> {
    await this.#begin('recover', onStep, 'contacting', 'stretching-password', 'opening-keys');
    return { account: this.#account(username) };
  }

  readonly guard = new FakeGuard((name, onStep, ...steps) => this.#begin(name, onStep, ...steps));
  /** Whose log-in waits for the second factor. */
  #asking = '';
  secondFactor = this.guard.secondFactor;
  newTotp = this.guard.newTotp;
  confirmTotp = this.guard.confirmTotp;
  removeTotp = this.guard.removeTotp;
  renewRecoveryCodes = this.guard.renewRecoveryCodes;
  newPasskey = this.guard.newPasskey;
  addPasskey = this.guard.addPasskey;
  renamePasskey = this.guard.renamePasskey;
  removePasskey = this.guard.removePasskey;
  askPasskey = this.guard.askPasskey;
  makeRecoveryKit = this.guard.makeRecoveryKit;
  confirmPassword = this.guard.confirmPassword;
  changePassword = this.guard.changePassword;
  deleteAccount = this.guard.deleteAccount;

  #proved = () => this.#account(this.#asking);
  proveSecondFactor = (...proof: Parameters<FakeGuard['prove']>) =>
    this.guard.prove(...proof).then(this.#proved);
  provePasskey = (...proof: Parameters<FakeGuard['provePasskey']>) =>
    this.guard.provePasskey(...proof).then(this.#proved);

  async abandonLogIn(): Promise<void> {
    await this.#begin('abandonLogIn');
  }

  async folders(): Promise<Folder[]> {
    await this.#begin('folders');
    return this.#folders();
  }

  async list(folderId: string, before: string | undefined, limit: number): Promise<MessagePage> {
    await this.#begin('list');
    const rows = this.#in(folderId).map((message) => ({ ...message.row }));
    const from = before === undefined ? 0 : Number(before);
    const end = from + limit;
    return {
      rows: rows.slice(from, end),
      next: end < rows.length ? String(end) : undefined,
      total: rows.length,
    };
  }

  async listRange(spec: ListSpec, start: number, end: number, anchor?: string): Promise<ListRange> {
    await this.#begin('listRange');
    const { place } = spec;
    const there =
      place.kind === 'folder'
        ? this.#in(place.id)
        : this.mail.filter((message) => message.row.labels.includes(place.id));
    const rows = there.map((message) => ({ ...message.row }));
    const shown = rows.filter((row) => passes(row, spec)).sort(ORDERS[spec.sort ?? 'newest']);
    const at = shown.findIndex((row) => row.id === anchor);
    return {
      version: (this.#version += 1),
      count: shown.length,
      messages: rows.length,
      start,
      rows: shown.slice(start, end),
      anchor: at < 0 ? undefined : at,
      whole: true,
    };
  }

  async conversation(itemId: string): Promise<ConversationView> {
    await this.#begin('conversation');
    const ids = this.conversations.find((conversation) => conversation.includes(itemId)) ?? [itemId];
    const { row } = this.#get(itemId);
    return { row: { ...row }, messages: ids.map((id) => ({ ...this.#get(id).row })) };
  }

  async read(itemId: string, onStep: OnStep): Promise<MessageView> {
    await this.#begin('read', onStep, 'downloading', 'decrypting');
    const message = this.#get(itemId);
    if (message.row.fault) throw new MailError({ code: 'decrypt-tampered', message: message.row.fault });
    const isAllowed = this.shownSenders.has(message.view.from.address);
    return isAllowed ? { ...message.view, remoteContent: 'show' } : message.view;
  }

  async markRead(itemId: string): Promise<void> {
    await this.#begin('markRead');
    const message = this.#get(itemId);
    message.row = { ...message.row, unread: false };
  }

  async prefetch(): Promise<void> {
    await this.#begin('prefetch');
  }

  /** What an attachment holds, by the message's id and its place. */
  readonly octets = new Map<string, Uint8Array<ArrayBuffer>>();

  async attachment(itemId: string, index: number, onStep: OnStep): Promise<Uint8Array<ArrayBuffer>> {
    await this.#begin('attachment', onStep, 'downloading', 'decrypting');
    return this.octets.get(`${itemId}/${index}`) ?? new TextEncoder().encode(`attachment ${index}`);
  }

  async source(itemId: string): Promise<Uint8Array<ArrayBuffer>> {
    await this.#begin('source');
    const { view } = this.#get(itemId);
    return new TextEncoder().encode(
      `From: ${view.from.address}\r\nSubject: ${view.subject}\r\n\r\n${view.text}`,
    );
  }

  /** Senders whose remote content is always shown. */
  readonly shownSenders = new Set<string>();

  async showRemoteContent(address: string, always: boolean): Promise<void> {
    await this.#begin('showRemoteContent');
    if (always) this.shownSenders.add(address);
    else this.shownSenders.delete(address);
  }

  async remoteContentSenders(): Promise<string[]> {
    await this.#begin('remoteContentSenders');
    return [...this.shownSenders];
  }

  /** What the person has chosen, and the account's keys. */
  readonly own = new FakeOwn((name) => this.#begin(name));
  settings = () => this.own.settings();
  changeSettings = (change: SettingsChange) => this.own.changeSettings(change);
  keepSignature = (signature: Signature) => this.own.keepSignature(signature);
  removeSignature = (id: string) => this.own.removeSignature(id);
  keyring = () => this.own.keyring();
  exportCertificate = () => this.own.exportCertificate();
  exportSecretKeys = () => this.own.exportSecretKeys();
  bringKey = () => this.own.bringKey();
  removeBroughtKey = () => this.own.removeBroughtKey();
  renewKeys = () => this.own.renewKeys();

  async setFlags(itemId: string, flags: FlagChange): Promise<MessageRow> {
    await this.#begin('setFlags');
    const message = this.#get(itemId);
    return (message.row = { ...message.row, ...flags });
  }

  async moveTo(itemId: string, folderId: string): Promise<MessageRow> {
    await this.#begin('moveTo');
    const message = this.#get(itemId);
    return (message.row = { ...message.row, folderId });
  }

  async delete(itemId: string): Promise<void> {
    await this.#begin('delete');
    this.mail = this.mail.filter((message) => message.row.id !== itemId);
  }

  readonly organiser = new FakeOrganiser(this);

  async makeFolder(name: string, parent: string | undefined): Promise<Folder> {
    await this.#begin('makeFolder');
    return this.organiser.makeFolder(name, parent);
  }

  moveFolder = (folderId: string, parent: string | undefined, before: string | undefined) =>
    this.#organised('moveFolder', (organiser) => organiser.moveFolder(folderId, parent, before));
  deleteFolder = (folderId: string) =>
    this.#organised('deleteFolder', (organiser) => organiser.deleteFolder(folderId));
  restoreFolder = (folderId: string) =>
    this.#organised('restoreFolder', (organiser) => organiser.restoreFolder(folderId));
  deleteLabel = (labelId: string) =>
    this.#organised('deleteLabel', (organiser) => organiser.deleteLabel(labelId));
  restoreLabel = (label: Label, place: number) =>
    this.#organised('restoreLabel', (organiser) => organiser.restoreLabel(label, place));
  renameFolder = (folderId: string, name: string) =>
    this.#organised('renameFolder', (organiser) => organiser.renameFolder(folderId, name));

  async #organised(call: keyof MailCalls, act: (organiser: FakeOrganiser) => void): Promise<void> {
    await this.#begin(call);
    act(this.organiser);
  }

  async emptyFolder(folderId: string, contents: Contents, group: number | undefined): Promise<Organised> {
    await this.#begin('emptyFolder');
    return this.organiser.emptyFolder(folderId, contents, group);
  }

  async itemIds(folderId: string): Promise<string[]> {
    await this.#begin('itemIds');
    return this.#in(folderId).map((message) => message.row.id);
  }

  async labels(): Promise<Label[]> {
    await this.#begin('labels');
    return [...this.organiser.labels];
  }

  async makeLabel(name: string, colour: LabelColour): Promise<Label> {
    await this.#begin('makeLabel');
    return this.organiser.makeLabel(name, colour);
  }

  async changeLabel(labelId: string, name: string, colour: LabelColour): Promise<Label> {
    await this.#begin('changeLabel');
    return this.organiser.changeLabel({ id: labelId, name, colour });
  }

  async labelled(labelId: string): Promise<MessageRow[]> {
    await this.#begin('labelled');
    return this.mail.map(({ row }) => row).filter(({ labels }) => labels.includes(labelId));
  }

  async organise(itemIds: string[], operation: Operation, group: number | undefined): Promise<Organised> {
    await this.#begin('organise');
    return this.organiser.organise(itemIds, operation, group);
  }

  async undo(group: number): Promise<Organised> {
    await this.#begin('undo');
    return this.organiser.undo(group);
  }

  async deleteAll(itemIds: string[]): Promise<Organised> {
    await this.#begin('deleteAll');
    return this.organiser.deleteAll(itemIds);
  }

  async wake(nowMs: number): Promise<Woken> {
    await this.#begin('wake');
    return this.organiser.wake(nowMs);
  }

  /** Set by a test: files wait half-way until it is called. */
  uploadGate: Promise<void> = Promise.resolve();
  /** Set by a test: uploads wait for the connection. */
  lineIsCut = false;
  readonly cancelled = new Set<string>();
  readonly detached: DraftAttachment[] = [];

  attach: MailCalls['attach'] = async (...asked) => {
    await this.#begin('attach');
    return attachFake(this, ...asked);
  };
  importMail: MailCalls['importMail'] = async (...asked) => {
    await this.#begin('importMail');
    return importFake(this, ...asked);
  };
  exportMail: MailCalls['exportMail'] = async (...asked) => {
    await this.#begin('exportMail');
    return exportFake(this, ...asked);
  };
  exportMessage: MailCalls['exportMessage'] = async (...asked) => {
    await this.#begin('exportMessage');
    return messageFake(...asked);
  };

  async attachedOctets(attachment: DraftAttachment): Promise<Uint8Array<ArrayBuffer>> {
    await this.#begin('attachedOctets');
    return this.octets.get(attachment.handle) ?? new Uint8Array([1]);
  }

  async cancelTransfer(transferId: string): Promise<void> {
    await this.#begin('cancelTransfer');
    this.cancelled.add(transferId);
  }

  async detach(attachment: DraftAttachment): Promise<void> {
    await this.#begin('detach');
    this.detached.push(attachment);
  }

  /** The draft that was sent or saved last. */
  lastDraft: Draft | undefined;

  async send(draft: Draft, onStep: OnStep): Promise<SentReceipt> {
    await this.#begin('send', onStep, 'looking-up', 'encrypting', 'uploading', 'delivering');
    const bad = [...draft.to, ...draft.cc, ...draft.bcc].map((typed) =>
      recipientStatus(typed, this.accepted),
    );
    const first = bad.find((status) => status.state !== 'ready');
    if (first) throw new MailError({ code: 'unknown-recipient', message: first.text, field: 'to' });
    this.mail = this.mail.filter((message) => message.row.id !== draft.id);
    return { row: this.#store(draft, 'folder-sent') };
  }

  async sendLater(draft: Draft, afterMs: number, onStep: OnStep): Promise<MessageRow> {
    await this.#begin('sendLater', onStep, 'looking-up', 'encrypting', 'uploading', 'delivering');
    return {
      ...(await this.saveDraft(draft)),
      folderId: 'folder-scheduled',
      snoozedUntilMs: Date.now() + afterMs,
    };
  }

  async sendScheduled(itemId: string, onStep: OnStep): Promise<SentReceipt> {
    await this.#begin('sendScheduled', onStep, 'delivering');
    return { row: Object.assign(this.#get(itemId).row, { folderId: 'folder-sent' }) };
  }

  async callOff(itemId: string): Promise<Draft> {
    await this.#begin('callOff');
    this.#get(itemId).row.folderId = 'folder-drafts';
    return this.openDraft(itemId);
  }

  /** Set by a test: the draft went out although its answer was lost. */
  wentOut = false;

  async confirmSent(draft: Draft): Promise<SentReceipt | undefined> {
    await this.#begin('confirmSent');
    if (!this.wentOut) return undefined;
    this.mail = this.mail.filter((message) => message.row.id !== draft.id);
    return { row: this.#store(draft, 'folder-sent') };
  }

  async saveDraft(draft: Draft): Promise<MessageRow> {
    await this.#begin('saveDraft');
    this.mail = this.mail.filter((message) => message.row.id !== draft.id);
    return this.#store(draft, 'folder-drafts', draft.id);
  }

  async openDraft(itemId: string): Promise<Draft> {
    await this.#begin('openDraft');
    const { view } = this.#get(itemId);
    const to = view.to.map((person) => person.address);
    return { ...EMPTY_DRAFT, id: itemId, to, subject: view.subject, text: view.text };
  }

  discardDraft(itemId: string): Promise<void> {
    return this.delete(itemId);
  }

  async replyDraft(itemId: string, words: QuoteWords): Promise<Draft> {
    await this.#begin('replyDraft');
    return fakeReply(this.#get(itemId).view, words);
  }

  async replyAllDraft(itemId: string, words: QuoteWords): Promise<Draft> {
    const draft = await this.replyDraft(itemId, words);
    const { view } = this.#get(itemId);
    return { ...draft, cc: view.cc.map((person) => person.address) };
  }

  async forwardDraft(itemId: string, words: QuoteWords): Promise<Draft> {
    await this.#begin('forwardDraft');
    return fakeForward(this.#get(itemId).view, words);
  }

  async saysAttached(subject: string, text: string): Promise<string | undefined> {
    await this.#begin('saysAttached');
    return [subject, text].find((words) => words.includes('attached')) && 'attached';
  }

  /** Finds what has every word in its subject or text; `bad:` cannot be read. */
  async search(query: string, limit: number): Promise<SearchResults> {
    await this.#begin('search');
    return searchFake(this.mail, query, limit);
  }

  async pauseIndexing(paused: boolean): Promise<void> {
    await this.#begin('pauseIndexing');
    this.indexingPaused = paused;
  }

  indexingPaused = false;
  saved: SavedSearch[] = [];

  async savedSearches(): Promise<SavedSearch[]> {
    await this.#begin('savedSearches');
    return this.saved;
  }

  async saveSearch(name: string, query: string): Promise<SavedSearch[]> {
    await this.#begin('saveSearch');
    this.saved = [...this.saved.filter((search) => search.name !== name), { id: name, name, query }];
    return this.saved;
  }

  async removeSearch(id: string): Promise<SavedSearch[]> {
    await this.#begin('removeSearch');
    this.saved = this.saved.filter((search) => search.id !== id);
    return this.saved;
  }

  async sync(): Promise<SyncOutcome> {
    await this.#begin('sync');
    return {
      changed: [],
      removed: [],
      folders: this.#folders(),
      labels: [...this.organiser.labels],
      contactsVersion: this.people.contacts.length,
      accountChanged: false,
    };
  }

  async logOut(): Promise<void> {
    await this.#begin('logOut');
  }

  forgetKeys(): Promise<void> {
    this.forgotKeys += 1;
    return Promise.resolve();
  }

  protected begin(name: keyof MailCalls): Promise<void> {
    return this.#begin(name);
  }

  async #begin(name: keyof MailCalls, onStep?: OnStep, ...steps: Step[]): Promise<void> {
    this.calls.push(name);
    const failure = this.#failures.get(name);
    this.#failures.delete(name);
    for (const step of steps.length > 0 ? steps : [undefined]) {
      if (step) onStep?.(step);
      await new Promise((resolve) => setTimeout(resolve, this.#options.delayMs));
    }
    if (failure) throw new MailError(failure);
  }

  #account(username: string): AccountInfo {
    return {
      id: `id-of-${username}`,
      username,
      domain: 'localhost',
      address: `${username}@localhost`,
      fingerprint: FINGERPRINT,
      hasRecovery: false,
    };
  }

  #folders(): Folder[] {
    return [...FOLDERS, ...this.organiser.folders].map((folder) => {
      const messages = this.#in(folder.id);
      return {
        ...folder,
        total: messages.length,
        unread: messages.filter((message) => message.row.unread).length,
      };
    });
  }

  #in(folderId: string): Stored[] {
    return this.mail
      .filter((message) => message.row.folderId === folderId)
      .sort((a, b) => b.row.arrivalMs - a.row.arrivalMs);
  }

  #get(itemId: string): Stored {
    const message = this.mail.find((candidate) => candidate.row.id === itemId);
    if (!message) throw new MailError({ code: 'not-found', message: 'This message is not there any more.' });
    return message;
  }

  #store(draft: Draft, folderId: string, id = (this.#nextId++).toString(16).padStart(32, '0')): MessageRow {
    this.lastDraft = draft;
    const row = rowOf(draft, id, folderId);
    this.mail.push(stored(row, draft.text));
    return row;
  }
}

/** What any call answers once the server has ended the session. */
export const SESSION_OVER: ErrorRecord = { code: 'no-session', message: 'Your session has ended.' };
