import type { Credentials, Recovery } from './wasm/smail_crypto_wasm';
import type { DeviceState, OutboxRow } from '../offline/views';
import type {
  AccountInfo,
  AddressBook,
  Contact,
  ContactGroup,
  ContactKey,
  Contents,
  ConversationView,
  Draft,
  FactorAdded,
  FactorKind,
  DraftAttachment,
  Folder,
  GroupChange,
  CardImport,
  ImportOptions,
  ImportOutcome,
  ImportProgress,
  Label,
  KeyringView,
  LabelColour,
  ListRange,
  ListSpec,
  LockedFor,
  IndexProgress,
  MessagePage,
  MessageRow,
  MessageView,
  Operation,
  Organised,
  QuoteWords,
  RecipientStatus,
  RecoveryKit,
  SavedSearch,
  SearchResults,
  NewPasskey,
  PasskeyAnswer,
  PasskeyCreation,
  PasskeyQuestion,
  SecondFactor,
  SecondFactorAsked,
  SentReceipt,
  Settings,
  SettingsChange,
  Signature,
  Step,
  Suggestion,
  SyncOutcome,
  TakingIn,
  TotpSetup,
  Woken,
} from './views';

export type { Credentials, Recovery } from './wasm/smail_crypto_wasm';

/** Which flags to change; the others stay. */
export interface FlagChange {
  unread?: boolean;
  starred?: boolean;
}

/** What a log-in has come to: an open account, or what is asked for first. */
export type LogInAnswer = { account: AccountInfo } | { asked: SecondFactorAsked };

/** How far a file has come. */
export interface Transfer {
  doneBytes: number;
  /** The server cannot be reached just now; it goes on by itself. */
  waiting: boolean;
}

/** Hears how far a file has come. */
export type OnTransfer = (transfer: Transfer) => void;

/** Hears how far taking mail in has come. */
export type OnImport = (progress: ImportProgress) => void;

/** What is to be given out, and how. */
export interface ExportRequest {
  /** The folder with those inside it; all mail without one. */
  folderId: string | undefined;
  /** One mbox, or a zip of single messages. */
  form: 'mbox' | 'zip';
  /** The file that is written as it comes; without one it is collected. */
  target: FileSystemFileHandle | undefined;
}

/** How far giving mail out has come. */
export interface ExportProgress {
  /** Messages. */
  done: number;
  total: number;
  bytes: number;
  /** The server cannot be reached just now; it goes on by itself. */
  waiting: boolean;
}

/** Hears how far giving mail out has come. */
export type OnExport = (progress: ExportProgress) => void;

/** A message that could not be given out. */
export interface ExportFailure {
  folder: string;
  subject: string;
  cameMs: number;
  reason: string;
}

/** What came of giving mail out. */
export interface ExportOutcome {
  done: number;
  /** Drafts that were left out. */
  drafts: number;
  failed: ExportFailure[];
  /** The file, when it was collected. */
  file: Blob | undefined;
}

/** Hears of each step of something that takes a while. */
export type OnStep = (step: Step) => void;

/**
 * Everything the page may ask of whoever holds the keys. Each call rejects with a `MailError`.
 * The worker implements it; tests have an implementation in memory.
 */
export interface MailCalls {
  /**
   * Opens the account of a live session without a password; null when there is none. No list opens the messages that
   * are set aside.
   */
  resume(setAside?: string[]): Promise<AccountInfo | null>;
  signUp(credentials: Credentials, onStep: OnStep): Promise<AccountInfo>;
  logIn(credentials: Credentials, onStep: OnStep): Promise<LogInAnswer>;
  recover(recovery: Recovery, onStep: OnStep): Promise<LogInAnswer>;
  /** Proves by a code what the log-in or the recovery has asked for. */
  proveSecondFactor(kind: FactorKind, code: string, onStep: OnStep): Promise<AccountInfo>;
  /** What a passkey is to sign for the log-in or the recovery; what was asked before counts no more. */
  askPasskey(): Promise<PasskeyQuestion>;
  /** Proves by what a passkey has signed. */
  provePasskey(answer: PasskeyAnswer, onStep: OnStep): Promise<AccountInfo>;
  /** Gives up a log-in that waits for its second factor, with what it holds. */
  abandonLogIn(): Promise<void>;
  secondFactor(): Promise<SecondFactor>;
  /** The secret of a new authenticator app. It counts for nothing before `confirmTotp`. */
  newTotp(): Promise<TotpSetup>;
  confirmTotp(code: string): Promise<FactorAdded>;
  removeTotp(): Promise<SecondFactor>;
  renewRecoveryCodes(): Promise<FactorAdded>;
  /** What the browser is to be asked for when a passkey is added. It counts for nothing before `addPasskey`. */
  newPasskey(): Promise<PasskeyCreation>;
  addPasskey(passkey: NewPasskey): Promise<FactorAdded>;
  renamePasskey(id: string, name: string): Promise<SecondFactor>;
  removePasskey(id: string): Promise<SecondFactor>;
  makeRecoveryKit(onStep: OnStep): Promise<RecoveryKit>;
  /** Logs in again, as changes of credentials want when the login is some minutes old. */
  confirmPassword(password: string, onStep: OnStep): Promise<void>;
  changePassword(current: string, next: string, onStep: OnStep): Promise<void>;
  folders(): Promise<Folder[]>;
  list(folderId: string, before: string | undefined, limit: number): Promise<MessagePage>;
  /** Rows `start` to `end` of a list as it is now, and where the message `anchor` is in it. */
  listRange(spec: ListSpec, start: number, end: number, anchor?: string): Promise<ListRange>;
  /** The conversation that a message is part of, as its folder's reader sees it. */
  conversation(itemId: string): Promise<ConversationView>;
  /** Opens a message. It stays unread until `markRead`. */
  read(itemId: string, onStep: OnStep): Promise<MessageView>;
  /** Marks a message as read, if the server can be reached. */
  markRead(itemId: string): Promise<void>;
  /** Opens a message ahead, so that reading it waits for nothing. Fails at nothing. */
  prefetch(itemId: string): Promise<void>;
  /** The octets of one attachment, by its place. */
  attachment(itemId: string, index: number, onStep: OnStep): Promise<Uint8Array<ArrayBuffer>>;
  /** The message as it was decrypted: header and body. */
  source(itemId: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Keeps or takes back that remote content is always shown for a sender, in messages that the sender has signed. */
  showRemoteContent(address: string, always: boolean): Promise<void>;
  /** The senders that remote content is always shown for. */
  remoteContentSenders(): Promise<string[]>;
  /** What the person has chosen, the same in all sessions; `synced` tells of what another session has changed. */
  settings(): Promise<Settings>;
  /** Changes the settings that are named; all of them, afterwards. */
  changeSettings(change: SettingsChange): Promise<Settings>;
  /** Keeps a signature, a new one when its id is empty; all settings, afterwards. */
  keepSignature(signature: Signature): Promise<Settings>;
  removeSignature(id: string): Promise<Settings>;
  /** The account's keys, and those that were brought along to read old mail. */
  keyring(): Promise<KeyringView>;
  /** The account's certificate as text. */
  exportCertificate(): Promise<string>;
  /** The account's secret keys as text, locked with a passphrase. */
  exportSecretKeys(passphrase: string, lockedFor: LockedFor): Promise<string>;
  /** Takes a secret key from another program along. Wants a log-in of the last minutes, as the two below do. */
  bringKey(file: Uint8Array<ArrayBuffer>, passphrase: string): Promise<KeyringView>;
  removeBroughtKey(fingerprint: string): Promise<KeyringView>;
  /** Makes new keys for others to encrypt to, under the same primary key. */
  renewKeys(): Promise<KeyringView>;
  setFlags(itemId: string, flags: FlagChange): Promise<MessageRow>;
  moveTo(itemId: string, folderId: string): Promise<MessageRow>;
  delete(itemId: string): Promise<void>;
  makeFolder(name: string, parent: string | undefined): Promise<Folder>;
  renameFolder(folderId: string, name: string): Promise<void>;
  /** Into a folder or to the top, before one of those there or behind the last. */
  moveFolder(folderId: string, parent: string | undefined, before: string | undefined): Promise<void>;
  /** Deletes an empty folder and those inside it. */
  deleteFolder(folderId: string): Promise<void>;
  /** Brings a folder back that was deleted here, with those inside it; empty. */
  restoreFolder(folderId: string): Promise<void>;
  /** One step of emptying a folder and those inside it: to be called while some are left; steps of one group are undone together. */
  emptyFolder(folderId: string, contents: Contents, group: number | undefined): Promise<Organised>;
  /** The ids of every message in a folder. */
  itemIds(folderId: string): Promise<string[]>;
  labels(): Promise<Label[]>;
  makeLabel(name: string, colour: LabelColour): Promise<Label>;
  changeLabel(labelId: string, name: string, colour: LabelColour): Promise<Label>;
  deleteLabel(labelId: string): Promise<void>;
  /** Brings a deleted label back, to this place among the others. */
  restoreLabel(label: Label, place: number): Promise<void>;
  /** Every message with this label that the worker knows of. */
  labelled(labelId: string): Promise<MessageRow[]>;
  /** Does something with each of these messages; parts of one group are undone together. */
  organise(itemIds: string[], operation: Operation, group: number | undefined): Promise<Organised>;
  /** One step of undoing: to be called while the outcome names a group. */
  undo(group: number): Promise<Organised>;
  deleteAll(itemIds: string[]): Promise<Organised>;
  /** Brings back what was put aside until now or earlier. */
  wake(nowMs: number): Promise<Woken>;
  lookUp(addresses: string[]): Promise<RecipientStatus[]>;
  acceptChangedKey(address: string, fingerprint: string): Promise<void>;
  /** All contacts and groups. */
  addressBook(): Promise<AddressBook>;
  /** The ids of the contacts that fit what was typed, by name. */
  findContacts(typed: string): Promise<string[]>;
  /** Makes a contact, or changes one: `base` is it as it was when the change began. */
  saveContact(base: Contact | undefined, next: Contact): Promise<Contact>;
  /** Deletes contacts; those that were there, to be saved again if the person thinks better of it. */
  removeContacts(ids: string[]): Promise<Contact[]>;
  saveGroup(change: GroupChange): Promise<ContactGroup>;
  /** Deletes a group, and none of its contacts. */
  removeGroup(id: string): Promise<ContactGroup | undefined>;
  /** Takes the cards of a vCard file in. */
  importContacts(file: Uint8Array<ArrayBuffer>): Promise<CardImport>;
  /** Contacts as a vCard 4.0 file: these, or all of them. */
  exportContacts(ids: string[] | undefined): Promise<string>;
  /** Who may be meant by what is being typed as a recipient; nobody whose address is taken. */
  suggest(typed: string, taken: string[]): Promise<Suggestion[]>;
  /** Looks up what is known of the key of an address. */
  contactKey(address: string): Promise<ContactKey>;
  /** The sixty digits that two people compare, for the key with this fingerprint. */
  safetyNumber(address: string, fingerprint: string): Promise<string>;
  /** Keeps that a key has been compared with its owner, or that it has not. It is the address's key from then on. */
  markVerified(address: string, fingerprint: string, verified: boolean): Promise<void>;
  /** Encrypts a file and uploads it, under an id by which it can be cancelled. A lost connection is waited for. */
  attach(transferId: string, file: File, onTransfer: OnTransfer): Promise<DraftAttachment>;
  cancelTransfer(transferId: string): Promise<void>;
  /** The octets of what is attached to a draft. */
  attachedOctets(attachment: DraftAttachment): Promise<Uint8Array<ArrayBuffer>>;
  /** Gives up an uploaded file that no draft names. */
  detach(attachment: DraftAttachment): Promise<void>;
  /**
   * Takes files in, mbox or one message each, under an id by which it can be cancelled. Files that are given again go on
   * where they were.
   */
  importMail(
    transferId: string,
    files: File[],
    options: ImportOptions,
    onImport: OnImport,
  ): Promise<ImportOutcome>;
  /** Gives the messages of a folder, or all, into one file, under an id by which it can be cancelled. */
  exportMail(transferId: string, request: ExportRequest, onExport: OnExport): Promise<ExportOutcome>;
  /** One message as a file, whole with what is attached. */
  exportMessage(transferId: string, itemId: string, onTransfer: OnTransfer): Promise<Blob>;
  send(draft: Draft, onStep: OnStep): Promise<SentReceipt>;
  /** Lets a message wait on the server for so long and go out then; its row, in Scheduled. */
  sendLater(draft: Draft, afterMs: number, onStep: OnStep): Promise<MessageRow>;
  /** Sends at once what waits. */
  sendScheduled(itemId: string, onStep: OnStep): Promise<SentReceipt>;
  /** Calls off what waits: it is a draft again. */
  callOff(itemId: string): Promise<Draft>;
  /** The receipt of a send that had no answer and went out all the same. */
  confirmSent(draft: Draft): Promise<SentReceipt | undefined>;
  saveDraft(draft: Draft): Promise<MessageRow>;
  openDraft(itemId: string): Promise<Draft>;
  discardDraft(itemId: string): Promise<void>;
  replyDraft(itemId: string, words: QuoteWords): Promise<Draft>;
  replyAllDraft(itemId: string, words: QuoteWords): Promise<Draft>;
  forwardDraft(itemId: string, words: QuoteWords): Promise<Draft>;
  /** The first word of what was written that says something is attached. */
  saysAttached(subject: string, text: string): Promise<string | undefined>;
  /** Looks for messages. What cannot be read of the query is said in the results. */
  search(query: string, limit: number, utcOffsetMin: number): Promise<SearchResults>;
  /** Stops the building of the search index for a while, or lets it go on. */
  pauseIndexing(paused: boolean): Promise<void>;
  savedSearches(): Promise<SavedSearch[]>;
  /** Keeps a search under a name; all of them, afterwards. */
  saveSearch(name: string, query: string): Promise<SavedSearch[]>;
  removeSearch(id: string): Promise<SavedSearch[]>;
  /** Fetches what changed; the outcome also arrives as an event. */
  sync(): Promise<SyncOutcome>;
  /** What waits to be sent or saved, oldest first. */
  outbox(): Promise<OutboxRow[]>;
  /** Tries to send and save what waits, also what was refused. */
  retryOutbox(): Promise<void>;
  /** Takes something out, to be written on. Not while it is being sent. */
  takeOutOfOutbox(id: string): Promise<Draft>;
  deviceState(): Promise<DeviceState>;
  /** Chooses whether mail opens on this device without a network. */
  keepMail(keep: boolean): Promise<void>;
  /** Deletes the account and all its mail, for good, if the password is right; forgets every key then. */
  deleteAccount(password: string, onStep: OnStep): Promise<void>;
  /** Ends the session on the server, as far as it can be reached, and forgets every key. */
  logOut(): Promise<void>;
}

/** What happens without being asked for. */
export type MailEvent =
  | { kind: 'synced'; outcome: SyncOutcome }
  /** More summaries have been taken in: lists may have grown. */
  | { kind: 'taken-in'; reached: TakingIn }
  /** The server ended the session: revoked from elsewhere, expired, or the password was changed. */
  | { kind: 'session-ended' }
  | { kind: 'connection'; online: boolean }
  /** What waits to be sent or saved has changed. */
  | { kind: 'outbox'; rows: OutboxRow[] }
  /** The search index has come further. */
  | { kind: 'indexed'; progress: IndexProgress };

/** The calls and the events together: all that the page knows of the crypto worker. */
export interface MailService extends MailCalls {
  /**
   * Forgets every key at once, without a word to the server, and what is kept on this device: all but the sealed outbox, and that
   * too when the person logs out.
   */
  forgetKeys(): Promise<void>;
  /** Hears of every event until the returned function is called. */
  subscribe(listener: (event: MailEvent) => void): () => void;
}
