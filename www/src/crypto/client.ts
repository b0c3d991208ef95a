import { MailError, mailError } from './errors';
import type {
  Credentials,
  FlagChange,
  LogInAnswer,
  ExportRequest,
  MailEvent,
  MailService,
  OnExport,
  OnImport,
  OnStep,
  OnTransfer,
  Recovery,
} from './mail-service';
import { forgetDevice } from '../offline/forget';
import { forgetResumeKey } from './resume-key';
import type { CallName, CallResult, OnProgress, PostedArguments } from './rpc';
import { startWorker } from './trusted-worker';
import type {
  AccountInfo,
  Contact,
  Contents,
  Draft,
  DraftAttachment,
  FactorKind,
  NewPasskey,
  PasskeyAnswer,
  GroupChange,
  ImportOptions,
  Label,
  LabelColour,
  ListSpec,
  LockedFor,
  Operation,
  QuoteWords,
  SettingsChange,
  Signature,
} from './views';
import { WorkerLink } from './worker-link';

/** Logging out waits this long for the server before the keys are wiped all the same. */
const LOG_OUT_LIMIT_MS = 4_000;

function timeLimit(limitMs: number): Promise<never> {
  return new Promise((_, reject) => {
    const error = new MailError({ code: 'offline', message: 'The server did not answer.' });
    setTimeout(() => reject(error), limitMs);
  });
}

/** Calls that only read: made again when a worker is lost to a message that the next one sets aside. */
const READS: ReadonlySet<CallName> = new Set([
  'addressBook',
  'contactKey',
  'findContacts',
  'folders',
  'conversation',
  'itemIds',
  'labelled',
  'labels',
  'list',
  'listRange',
  'lookUp',
  'safetyNumber',
  'savedSearches',
  'search',
  'settings',
  'suggest',
  'sync',
]);

/**
 * The page's side of the crypto worker. A worker that is lost is replaced, and the new one opens the session again and
 * sets aside the message that ended the other; a session that ends takes the worker, and so every key, with it.
 */
export class WorkerClient implements MailService {
  readonly #start: () => Worker;
  readonly #listeners = new Set<(event: MailEvent) => void>();
  /** Absent when no account is open and none is being opened. */
  #worker: WorkerLink | undefined;
  /** The account that is open. */
  #account: AccountInfo | undefined;
  /** Calls wait for this: a replaced worker has to open the session first. */
  #ready: Promise<unknown> = Promise.resolve();
  /** Messages that workers were lost to. */
  readonly #setAside = new Set<string>();

  constructor(start: () => Worker = startWorker) {
    this.#start = start;
    // Loads while the page is drawn.
    this.#worker = this.#newLink();
  }

  subscribe(listener: (event: MailEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async resume() {
    const account = await this.#link.call('resume', [[...this.#setAside]]);
    if (account) this.#account = account;
    return account;
  }

  signUp(credentials: Credentials, onStep: OnStep) {
    return this.#opening(this.#link.call('signUp', [credentials], onStep));
  }

  logIn(credentials: Credentials, onStep: OnStep) {
    return this.#answered(this.#link.call('logIn', [credentials], onStep));
  }

  recover(recovery: Recovery, onStep: OnStep) {
    return this.#answered(this.#link.call('recover', [recovery], onStep));
  }

  proveSecondFactor(kind: FactorKind, code: string, onStep: OnStep) {
    return this.#opening(this.#link.call('proveSecondFactor', [kind, code], onStep));
  }

  provePasskey(answer: PasskeyAnswer, onStep: OnStep) {
    return this.#opening(this.#link.call('provePasskey', [answer], onStep));
  }

  askPasskey = () => this.#link.call('askPasskey', []);
  abandonLogIn = () => this.#link.call('abandonLogIn', []);
  secondFactor = () => this.#call('secondFactor', []);
  newTotp = () => this.#call('newTotp', []);
  confirmTotp = (code: string) => this.#call('confirmTotp', [code]);
  removeTotp = () => this.#call('removeTotp', []);
  renewRecoveryCodes = () => this.#call('renewRecoveryCodes', []);
  newPasskey = () => this.#call('newPasskey', []);
  addPasskey = (passkey: NewPasskey) => this.#call('addPasskey', [passkey]);
  renamePasskey = (id: string, name: string) => this.#call('renamePasskey', [id, name]);
  removePasskey = (id: string) => this.#call('removePasskey', [id]);

  makeRecoveryKit = (onStep: OnStep) => this.#call('makeRecoveryKit', [], onStep);
  confirmPassword = (password: string, onStep: OnStep) => this.#call('confirmPassword', [password], onStep);
  changePassword = (current: string, next: string, onStep: OnStep) =>
    this.#call('changePassword', [current, next], onStep);
  folders = () => this.#call('folders', []);
  list = (folderId: string, before: string | undefined, limit: number) =>
    this.#call('list', [folderId, before, limit]);
  listRange = (spec: ListSpec, start: number, end: number, anchor?: string) =>
    this.#call('listRange', [spec, start, end, anchor]);
  conversation = (itemId: string) => this.#call('conversation', [itemId]);
  read = (itemId: string, onStep: OnStep) => this.#call('read', [itemId], onStep);
  markRead = (itemId: string) => this.#call('markRead', [itemId]);
  prefetch = (itemId: string) => this.#call('prefetch', [itemId]);
  attachment = (itemId: string, index: number, onStep: OnStep) =>
    this.#call('attachment', [itemId, index], onStep);
  source = (itemId: string) => this.#call('source', [itemId]);
  showRemoteContent = (address: string, always: boolean) =>
    this.#call('showRemoteContent', [address, always]);
  remoteContentSenders = () => this.#call('remoteContentSenders', []);
  settings = () => this.#call('settings', []);
  changeSettings = (change: SettingsChange) => this.#call('changeSettings', [change]);
  keepSignature = (signature: Signature) => this.#call('keepSignature', [signature]);
  removeSignature = (id: string) => this.#call('removeSignature', [id]);
  keyring = () => this.#call('keyring', []);
  exportCertificate = () => this.#call('exportCertificate', []);
  exportSecretKeys = (passphrase: string, lockedFor: LockedFor) =>
    this.#call('exportSecretKeys', [passphrase, lockedFor]);
  bringKey = (file: Uint8Array<ArrayBuffer>, passphrase: string) =>
    this.#call('bringKey', [file, passphrase]);
  removeBroughtKey = (fingerprint: string) => this.#call('removeBroughtKey', [fingerprint]);
  renewKeys = () => this.#call('renewKeys', []);
  setFlags = (itemId: string, flags: FlagChange) => this.#call('setFlags', [itemId, flags]);
  moveTo = (itemId: string, folderId: string) => this.#call('moveTo', [itemId, folderId]);
  delete = (itemId: string) => this.#call('delete', [itemId]);
  makeFolder = (name: string, parent: string | undefined) => this.#call('makeFolder', [name, parent]);
  renameFolder = (folderId: string, name: string) => this.#call('renameFolder', [folderId, name]);
  moveFolder = (folderId: string, parent: string | undefined, before: string | undefined) =>
    this.#call('moveFolder', [folderId, parent, before]);
  deleteFolder = (folderId: string) => this.#call('deleteFolder', [folderId]);
  restoreFolder = (folderId: string) => this.#call('restoreFolder', [folderId]);
  emptyFolder = (folderId: string, contents: Contents, group: number | undefined) =>
    this.#call('emptyFolder', [folderId, contents, group]);
  itemIds = (folderId: string) => this.#call('itemIds', [folderId]);
  labels = () => this.#call('labels', []);
  makeLabel = (name: string, colour: LabelColour) => this.#call('makeLabel', [name, colour]);
  changeLabel = (labelId: string, name: string, colour: LabelColour) =>
    this.#call('changeLabel', [labelId, name, colour]);
  deleteLabel = (labelId: string) => this.#call('deleteLabel', [labelId]);
  restoreLabel = (label: Label, place: number) => this.#call('restoreLabel', [label, place]);
  labelled = (labelId: string) => this.#call('labelled', [labelId]);
  organise = (itemIds: string[], operation: Operation, group: number | undefined) =>
    this.#call('organise', [itemIds, operation, group]);
  undo = (group: number) => this.#call('undo', [group]);
  deleteAll = (itemIds: string[]) => this.#call('deleteAll', [itemIds]);
  wake = (nowMs: number) => this.#call('wake', [nowMs]);
  lookUp = (addresses: string[]) => this.#call('lookUp', [addresses]);
  acceptChangedKey = (address: string, fingerprint: string) =>
    this.#call('acceptChangedKey', [address, fingerprint]);
  attach = (transferId: string, file: File, onTransfer: OnTransfer) =>
    this.#call('attach', [transferId, file], onTransfer);
  cancelTransfer = (transferId: string) => this.#call('cancelTransfer', [transferId]);
  addressBook = () => this.#call('addressBook', []);
  findContacts = (typed: string) => this.#call('findContacts', [typed]);
  saveContact = (base: Contact | undefined, next: Contact) => this.#call('saveContact', [base, next]);
  removeContacts = (ids: string[]) => this.#call('removeContacts', [ids]);
  saveGroup = (change: GroupChange) => this.#call('saveGroup', [change]);
  removeGroup = (id: string) => this.#call('removeGroup', [id]);
  importContacts = (file: Uint8Array<ArrayBuffer>) => this.#call('importContacts', [file]);
  exportContacts = (ids: string[] | undefined) => this.#call('exportContacts', [ids]);
  suggest = (typed: string, taken: string[]) => this.#call('suggest', [typed, taken]);
  contactKey = (address: string) => this.#call('contactKey', [address]);
  safetyNumber = (address: string, fingerprint: string) => this.#call('safetyNumber', [address, fingerprint]);
  markVerified = (address: string, fingerprint: string, verified: boolean) =>
    this.#call('markVerified', [address, fingerprint, verified]);
  attachedOctets = (attachment: DraftAttachment) => this.#call('attachedOctets', [attachment]);
  detach = (attachment: DraftAttachment) => this.#call('detach', [attachment]);
  importMail = (transferId: string, files: File[], options: ImportOptions, onImport: OnImport) =>
    this.#call('importMail', [transferId, files, options], onImport);
  exportMail = (transferId: string, request: ExportRequest, onExport: OnExport) =>
    this.#call('exportMail', [transferId, request], onExport);
  exportMessage = (transferId: string, itemId: string, onTransfer: OnTransfer) =>
    this.#call('exportMessage', [transferId, itemId], onTransfer);
  send = (draft: Draft, onStep: OnStep) => this.#call('send', [draft], onStep);
  sendLater = (draft: Draft, afterMs: number, onStep: OnStep) =>
    this.#call('sendLater', [draft, afterMs], onStep);
  sendScheduled = (itemId: string, onStep: OnStep) => this.#call('sendScheduled', [itemId], onStep);
  callOff = (itemId: string) => this.#call('callOff', [itemId]);
  confirmSent = (draft: Draft) => this.#call('confirmSent', [draft]);
  saveDraft = (draft: Draft) => this.#call('saveDraft', [draft]);
  openDraft = (itemId: string) => this.#call('openDraft', [itemId]);
  discardDraft = (itemId: string) => this.#call('discardDraft', [itemId]);
  replyDraft = (itemId: string, words: QuoteWords) => this.#call('replyDraft', [itemId, words]);
  replyAllDraft = (itemId: string, words: QuoteWords) => this.#call('replyAllDraft', [itemId, words]);
  forwardDraft = (itemId: string, words: QuoteWords) => this.#call('forwardDraft', [itemId, words]);
  saysAttached = (subject: string, text: string) => this.#call('saysAttached', [subject, text]);
  search = (query: string, limit: number, utcOffsetMin: number) =>
    this.#call('search', [query, limit, utcOffsetMin]);
  pauseIndexing = (paused: boolean) => this.#call('pauseIndexing', [paused]);
  savedSearches = () => this.#call('savedSearches', []);
  saveSearch = (name: string, query: string) => this.#call('saveSearch', [name, query]);
  removeSearch = (id: string) => this.#call('removeSearch', [id]);
  sync = () => this.#call('sync', []);
  outbox = () => this.#call('outbox', []);
  retryOutbox = () => this.#call('retryOutbox', []);
  takeOutOfOutbox = (id: string) => this.#call('takeOutOfOutbox', [id]);
  deviceState = () => this.#call('deviceState', []);
  keepMail = (keep: boolean) => this.#call('keepMail', [keep]);

  async deleteAccount(password: string, onStep: OnStep): Promise<void> {
    await this.#call('deleteAccount', [password], onStep);
    await this.#forget({ outbox: true });
  }

  async logOut(): Promise<void> {
    try {
      await Promise.race([this.#link.call('logOut', []), timeLimit(LOG_OUT_LIMIT_MS)]);
    } finally {
      await this.#forget({ outbox: true });
    }
  }

  get #link(): WorkerLink {
    return (this.#worker ??= this.#newLink());
  }

  async #call<Name extends CallName>(
    name: Name,
    args: PostedArguments<Name>,
    onStep?: OnProgress,
  ): Promise<CallResult<Name>> {
    for (;;) {
      await this.#ready;
      const known = this.#setAside.size;
      try {
        return await this.#link.call(name, args, onStep);
      } catch (thrown) {
        const isLost = mailError(thrown).code === 'worker-lost' && this.#account !== undefined;
        if (!isLost || !READS.has(name) || this.#setAside.size === known) throw thrown;
      }
    }
  }

  async #answered(answering: Promise<LogInAnswer>): Promise<LogInAnswer> {
    const answer = await answering;
    if ('account' in answer) this.#account = answer.account;
    return answer;
  }

  async #opening(opening: Promise<AccountInfo>): Promise<AccountInfo> {
    this.#account = await opening;
    return this.#account;
  }

  #newLink(): WorkerLink {
    return new WorkerLink(this.#start(), {
      event: (event) => this.#take(event),
      lost: (itemIds) => this.#replaceLost(itemIds),
    });
  }

  #take(event: MailEvent): void {
    if (event.kind === 'session-ended') void this.forgetKeys();
    for (const listener of this.#listeners) listener(event);
  }

  #replaceLost(itemIds: string[]): void {
    for (const itemId of itemIds) this.#setAside.add(itemId);
    this.#worker = undefined;
    if (!this.#account) return;
    this.#ready = this.resume().then(
      (account) => {
        if (!account) this.#take({ kind: 'session-ended' });
      },
      () => this.#take({ kind: 'connection', online: false }),
    );
  }

  forgetKeys(): Promise<void> {
    return this.#forget({ outbox: false });
  }

  /** Ends the worker, and with it every key, and deletes what is kept on this device. */
  async #forget(what: { outbox: boolean }): Promise<void> {
    const account = this.#account;
    this.#account = undefined;
    this.#setAside.clear();
    this.#worker?.close();
    this.#worker = undefined;
    this.#ready = Promise.resolve();
    if (!account) return;
    await forgetResumeKey(account.id);
    await forgetDevice(account.id, what);
  }
}
