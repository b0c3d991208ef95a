import { errorRecord, MailError, type ErrorRecord } from './errors';
import { exportMail, messageFile } from './mail-export';
import type {
  Credentials,
  FlagChange,
  LogInAnswer,
  MailCalls,
  ExportOutcome,
  ExportRequest,
  MailEvent,
  OnExport,
  OnImport,
  OnStep,
  OnTransfer,
  Recovery,
} from './mail-service';
import { OpenAccount } from './open-account';
import { forgetResumeKey, resumeSecret } from './resume-key';
import type {
  AccountInfo,
  Contact,
  Contents,
  Draft,
  DraftAttachment,
  FactorKind,
  NewPasskey,
  PasskeyAnswer,
  PasskeyQuestion,
  GroupChange,
  ImportOptions,
  ImportOutcome,
  Label,
  LabelColour,
  ListSpec,
  LockedFor,
  MessageRow,
  Operation,
  QuoteWords,
  SentReceipt,
  SettingsChange,
  Signature,
} from './views';
import type { DeviceLink } from '../offline/device-link';
import { DeviceStore } from '../offline/device-store';
import { forgetDevice } from '../offline/forget';
import { OutboxRunner } from '../offline/outbox-runner';
import { chooseToKeep, forgetStart, keepsMail } from '../offline/start-record';
import type { DeviceState } from '../offline/views';
import { MailClient, MailLogIn } from './wasm/smail_crypto_wasm';

const NOT_PENDING: ErrorRecord = {
  code: 'second-factor-expired',
  message: 'This log-in is over. Log in again with your password.',
};

/** Logging out waits this long for the search index: the end of the session comes first. */
const SAVE_LIMIT_MS = 1_500;

const NOBODY = new MailError({ code: 'no-session', message: 'Nobody is logged in.' });

/** What the module gives is never in memory that workers share. */
function own(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  return octets as Uint8Array<ArrayBuffer>;
}

/** The calls of the page, answered by the WebAssembly client. */
export class WorkerCalls implements MailCalls {
  readonly #device: DeviceLink;
  readonly #tell: (event: MailEvent) => void;
  #open: OpenAccount | undefined;
  /** A log-in that waits for its second factor. */
  #pending: MailLogIn | undefined;
  #outbox: OutboxRunner | undefined;
  /** Messages that no list opens. */
  #setAside: string[] = [];
  /** Files under way that are still wanted. */
  readonly #transfers = new Set<string>();

  constructor(device: DeviceLink, tell: (event: MailEvent) => void) {
    this.#device = device;
    this.#tell = tell;
  }

  async resume(setAside: string[] = []): Promise<AccountInfo | null> {
    this.#setAside = setAside;
    const client = await this.#resumed();
    // Whatever was kept here is of a session that is over.
    if (!client) await forgetDevice();
    return client ? (await this.#begin(client)).client.account() : null;
  }

  async signUp(credentials: Credentials, onStep: OnStep): Promise<AccountInfo> {
    this.#device.expectClient();
    return this.#enter(await MailClient.signUp(this.#device, credentials, onStep));
  }

  async logIn(credentials: Credentials, onStep: OnStep): Promise<LogInAnswer> {
    this.#device.expectClient();
    return this.#logIn(await MailLogIn.byPassword(this.#device, credentials, onStep));
  }

  async recover(recovery: Recovery, onStep: OnStep): Promise<LogInAnswer> {
    this.#device.expectClient();
    return this.#logIn(await MailLogIn.byRecoveryCode(this.#device, recovery, onStep));
  }

  async proveSecondFactor(kind: FactorKind, code: string, onStep: OnStep): Promise<AccountInfo> {
    return this.#proved(await this.#waiting.prove(kind, code, onStep));
  }

  async provePasskey(answer: PasskeyAnswer, onStep: OnStep): Promise<AccountInfo> {
    return this.#proved(await this.#waiting.provePasskey(answer, onStep));
  }

  async askPasskey(): Promise<PasskeyQuestion> {
    return this.#waiting.askPasskey();
  }

  get #waiting(): MailLogIn {
    if (!this.#pending) throw new MailError(NOT_PENDING);
    return this.#pending;
  }

  async #proved(client: MailClient): Promise<AccountInfo> {
    await this.abandonLogIn();
    return this.#enter(client);
  }

  abandonLogIn(): Promise<void> {
    this.#pending?.free();
    this.#pending = undefined;
    return Promise.resolve();
  }

  makeRecoveryKit = (onStep: OnStep) => this.#client.makeRecoveryKit(onStep);
  secondFactor = () => this.#client.secondFactor();
  newTotp = () => Promise.resolve(this.#client.newTotp());
  confirmTotp = (code: string) => this.#client.confirmTotp(code);
  removeTotp = () => this.#client.removeTotp();
  renewRecoveryCodes = () => this.#client.renewRecoveryCodes();
  newPasskey = () => this.#client.newPasskey();
  addPasskey = (passkey: NewPasskey) => this.#client.addPasskey(passkey);
  renamePasskey = (id: string, name: string) => this.#client.renamePasskey(id, name);
  removePasskey = (id: string) => this.#client.removePasskey(id);
  folders = () => this.#account.folders();
  list = (folderId: string, before: string | undefined, limit: number) =>
    this.#client.list(folderId, before, limit);
  listRange = (spec: ListSpec, start: number, end: number, anchor?: string) =>
    this.#account.listRange(spec, start, end, anchor);
  conversation = (itemId: string) => this.#client.conversation(itemId);
  read = (itemId: string, onStep: OnStep) => this.#client.read(itemId, onStep);
  markRead = (itemId: string) => this.#client.markRead(itemId);
  prefetch = (itemId: string) => this.#client.prefetch(itemId);
  attachment = async (itemId: string, index: number, onStep: OnStep) =>
    own(await this.#client.attachment(itemId, index, onStep));
  source = async (itemId: string) => own(await this.#client.source(itemId));
  showRemoteContent = (address: string, always: boolean) => this.#client.showRemoteContent(address, always);
  remoteContentSenders = () => Promise.resolve(this.#client.remoteContentSenders());
  settings = () => Promise.resolve(this.#client.settings());
  changeSettings = (change: SettingsChange) => this.#client.changeSettings(change);
  keepSignature = (signature: Signature) => this.#client.keepSignature(signature);
  removeSignature = (id: string) => this.#client.removeSignature(id);
  keyring = () => Promise.resolve(this.#client.keyring());
  exportCertificate = () => Promise.resolve(this.#client.exportCertificate());
  exportSecretKeys = (passphrase: string, lockedFor: LockedFor) =>
    Promise.resolve(this.#client.exportSecretKeys(passphrase, lockedFor));
  bringKey = (file: Uint8Array<ArrayBuffer>, passphrase: string) => this.#client.bringKey(file, passphrase);
  removeBroughtKey = (fingerprint: string) => this.#client.removeBroughtKey(fingerprint);
  renewKeys = () => this.#client.renewKeys();
  setFlags = (itemId: string, flags: FlagChange) => this.#client.setFlags(itemId, flags);
  moveTo = (itemId: string, folderId: string) => this.#client.moveTo(itemId, folderId);
  delete = (itemId: string) => this.#client.delete(itemId);
  makeFolder = (name: string, parent: string | undefined) => this.#client.makeFolder(name, parent);
  renameFolder = (folderId: string, name: string) => this.#client.renameFolder(folderId, name);
  moveFolder = (folderId: string, parent: string | undefined, before: string | undefined) =>
    this.#client.moveFolder(folderId, parent, before);
  deleteFolder = (folderId: string) => this.#client.deleteFolder(folderId);
  restoreFolder = (folderId: string) => this.#client.restoreFolder(folderId);
  emptyFolder = (folderId: string, contents: Contents, group: number | undefined) =>
    this.#client.emptyFolder(folderId, contents, group);
  itemIds = (folderId: string) => this.#client.itemIds(folderId);
  labels = () => Promise.resolve(this.#client.labels());
  makeLabel = (name: string, colour: LabelColour) => this.#client.makeLabel(name, colour);
  changeLabel = (labelId: string, name: string, colour: LabelColour) =>
    this.#client.changeLabel(labelId, name, colour);
  deleteLabel = (labelId: string) => this.#client.deleteLabel(labelId);
  restoreLabel = (label: Label, place: number) => this.#client.restoreLabel(label, place);
  labelled = (labelId: string) => Promise.resolve(this.#client.labelled(labelId));
  organise = (itemIds: string[], operation: Operation, group: number | undefined) =>
    this.#client.organise(itemIds, operation, group);
  undo = (group: number) => this.#client.undo(group);
  deleteAll = (itemIds: string[]) => this.#client.deleteAll(itemIds);
  wake = (nowMs: number) => this.#client.wake(nowMs);
  lookUp = (addresses: string[]) => this.#client.lookUp(addresses);
  acceptChangedKey = (address: string, fingerprint: string) =>
    this.#client.acceptChangedKey(address, fingerprint);
  addressBook = () => Promise.resolve(this.#client.addressBook());
  findContacts = (typed: string) => Promise.resolve(this.#client.findContacts(typed));
  saveContact = (base: Contact | undefined, next: Contact) => this.#client.saveContact(base, next);
  removeContacts = (ids: string[]) => this.#client.removeContacts(ids);
  saveGroup = (change: GroupChange) => this.#client.saveGroup(change);
  removeGroup = (id: string) => this.#client.removeGroup(id);
  importContacts = (file: Uint8Array<ArrayBuffer>) => this.#client.importContacts(file);
  exportContacts = (ids: string[] | undefined) => Promise.resolve(this.#client.exportContacts(ids));
  suggest = (typed: string, taken: string[]) => this.#client.suggest(typed, taken);
  contactKey = (address: string) => this.#client.contactKey(address);
  safetyNumber = (address: string, fingerprint: string) =>
    Promise.resolve(this.#client.safetyNumber(address, fingerprint));
  markVerified = (address: string, fingerprint: string, verified: boolean) =>
    this.#client.markVerified(address, fingerprint, verified);
  detach = (attachment: DraftAttachment) => this.#client.detach(attachment);
  send = (draft: Draft, onStep: OnStep): Promise<SentReceipt> =>
    this.#apart(draft.id, async () => {
      const receipt = await this.#unlessOffline(
        () => this.#client.send(draft, onStep),
        (outbox) => outbox.queue(draft, onStep),
      );
      if (receipt.row.folderId !== '') await this.#outbox?.settled(draft.id);
      return receipt;
    });
  sendLater = (draft: Draft, afterMs: number, onStep: OnStep): Promise<MessageRow> =>
    this.#apart(draft.id, async () => {
      const row = await this.#client.sendLater(draft, afterMs, onStep);
      await this.#outbox?.settled(draft.id);
      return row;
    });
  sendScheduled = (itemId: string, onStep: OnStep) => this.#client.sendScheduled(itemId, onStep);
  callOff = (itemId: string) => this.#client.callOff(itemId);
  confirmSent = (draft: Draft) => this.#client.confirmSent(draft);
  saveDraft = (draft: Draft): Promise<MessageRow> =>
    this.#apart(draft.id, async () => {
      const row = await this.#unlessOffline(
        () => this.#client.saveDraft(draft),
        (outbox) => outbox.keepDraft(draft),
      );
      if (row.folderId !== '') await this.#outbox?.settled(draft.id);
      return row;
    });
  openDraft = (itemId: string) => this.#client.openDraft(itemId);
  discardDraft = (itemId: string): Promise<void> =>
    this.#apart(itemId, async () => {
      const wasHere = await this.#outbox?.settled(itemId);
      try {
        await this.#client.discardDraft(itemId);
      } catch (thrown) {
        // It was never on the server.
        if (!wasHere || errorRecord(thrown).code !== 'not-found') throw thrown;
      }
    });
  replyDraft = (itemId: string, words: QuoteWords) => this.#client.replyDraft(itemId, words);
  replyAllDraft = (itemId: string, words: QuoteWords) => this.#client.replyAllDraft(itemId, words);
  forwardDraft = (itemId: string, words: QuoteWords) => this.#client.forwardDraft(itemId, words);
  saysAttached = (subject: string, text: string) => Promise.resolve(this.#client.saysAttached(subject, text));
  search = (query: string, limit: number, utcOffsetMin: number) => {
    this.#account.index.hurry();
    return this.#client.search(query, limit, utcOffsetMin);
  };
  pauseIndexing = (paused: boolean) => {
    this.#account.index.pause(paused);
    return Promise.resolve();
  };
  savedSearches = () => Promise.resolve(this.#client.savedSearches());
  saveSearch = (name: string, query: string) => this.#client.saveSearch(name, query);
  removeSearch = (id: string) => this.#client.removeSearch(id);
  sync = () => this.#account.syncNow();
  outbox = () => this.#outbox?.rows() ?? Promise.resolve([]);
  retryOutbox = () => this.#outbox?.retry() ?? Promise.resolve();

  takeOutOfOutbox(id: string): Promise<Draft> {
    return this.#queue.takeBack(id);
  }

  async deviceState(): Promise<DeviceState> {
    const { id } = this.#client.account();
    return {
      keepsMail: await keepsMail(id).catch(() => false),
      bytes: this.#device.bytes ?? 0,
      contactMs: await this.#device.contactMs(),
    };
  }

  async keepMail(keep: boolean): Promise<void> {
    const { id } = this.#client.account();
    if (!keep) {
      this.#device.expectClient();
      await forgetStart(id);
      return DeviceStore.forget(id);
    }
    await chooseToKeep(id);
    // From the beginning, so that what is kept is whole.
    const client = await this.#resumed();
    if (!client) throw NOBODY;
    await this.#begin(client);
    await this.#device.keepRecent(client);
  }

  attach(transferId: string, file: File, onTransfer: OnTransfer): Promise<DraftAttachment> {
    return this.#wanted(transferId, (goesOn) =>
      this.#client.attach(file, (doneBytes, waiting) => {
        onTransfer({ doneBytes, waiting });
        return goesOn();
      }),
    );
  }

  importMail(
    transferId: string,
    files: File[],
    options: ImportOptions,
    onImport: OnImport,
  ): Promise<ImportOutcome> {
    return this.#wanted(transferId, (goesOn) =>
      this.#client.import(files, options, (progress) => {
        onImport(progress);
        return goesOn();
      }),
    );
  }

  exportMail(transferId: string, request: ExportRequest, onExport: OnExport): Promise<ExportOutcome> {
    return this.#wanted(transferId, (goesOn) =>
      exportMail(this.#client, request, { tell: onExport, goesOn }),
    );
  }

  exportMessage(transferId: string, itemId: string, onTransfer: OnTransfer): Promise<Blob> {
    return this.#wanted(transferId, (goesOn) =>
      messageFile(this.#client, itemId, 'message', (doneBytes, waiting) => {
        onTransfer({ doneBytes, waiting });
        return goesOn();
      }),
    );
  }

  async attachedOctets(attachment: DraftAttachment): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    await this.#client.fetchAttachment(
      attachment,
      () => true,
      (octets) => pieces.push(octets),
    );
    return new Uint8Array(await new Blob(pieces).arrayBuffer());
  }

  cancelTransfer(transferId: string): Promise<void> {
    this.#transfers.delete(transferId);
    return Promise.resolve();
  }

  async deleteAccount(password: string, onStep: OnStep): Promise<void> {
    const account = this.#account;
    await account.lastWork(() => account.client.deleteAccount(password, onStep));
    this.#open = undefined;
    this.#outbox?.end();
    this.#device.expectClient();
    account.close();
  }

  async logOut(): Promise<void> {
    const account = this.#account;
    await forgetResumeKey(account.client.account().id);
    this.#open = undefined;
    this.#outbox?.end();
    this.#device.expectClient();
    account.hush();
    // What was indexed lately need not be opened again on the next device.
    const saved = account.client.saveIndex().catch(() => undefined);
    await Promise.race([saved, new Promise((resolve) => setTimeout(resolve, SAVE_LIMIT_MS))]);
    try {
      await account.client.logOut();
    } finally {
      account.close();
    }
  }

  async confirmPassword(password: string, onStep: OnStep): Promise<void> {
    const account = this.#account;
    await account.renewSession(() => account.client.confirmPassword(password, onStep));
  }

  async changePassword(current: string, next: string, onStep: OnStep): Promise<void> {
    const account = this.#account;
    await account.renewSession(() => account.client.changePassword(current, next, onStep));
  }

  /** Does something with files that can be cancelled by this id. */
  async #wanted<Value>(transferId: string, work: (goesOn: () => boolean) => Promise<Value>): Promise<Value> {
    this.#transfers.add(transferId);
    try {
      return await work(() => this.#transfers.has(transferId));
    } finally {
      this.#transfers.delete(transferId);
    }
  }

  get #account(): OpenAccount {
    if (this.#open) return this.#open;
    throw NOBODY;
  }

  get #client(): MailClient {
    return this.#account.client;
  }

  get #queue(): OutboxRunner {
    if (this.#outbox) return this.#outbox;
    throw NOBODY;
  }

  /** The client of a live session, opened without a password. */
  async #resumed(): Promise<MailClient | undefined> {
    const secret = await resumeSecret().catch(() => undefined);
    if (!secret) return undefined;
    this.#device.expectClient();
    const client = await MailClient.resume(this.#device, secret);
    secret.fill(0);
    client?.setAside(this.#setAside);
    return client;
  }

  async #begin(client: MailClient): Promise<OpenAccount> {
    await this.#device.begin(client);
    this.#open?.close();
    this.#outbox?.end();
    this.#outbox = new OutboxRunner(client, (rows) => this.#tell({ kind: 'outbox', rows }));
    this.#open = new OpenAccount(
      client,
      (event) => this.#pass(event),
      () => this.#device.envelopeChanged(),
    );
    if (this.#device.beganOffline) this.#tell({ kind: 'connection', online: false });
    return this.#open;
  }

  async #logIn(logIn: MailLogIn): Promise<LogInAnswer> {
    void this.abandonLogIn();
    const client = logIn.client();
    const asked = logIn.asked();
    if (client) logIn.free();
    else this.#pending = logIn;
    if (client) return { account: await this.#enter(client) };
    if (asked) return { asked };
    throw new MailError(NOT_PENDING);
  }

  async #enter(client: MailClient): Promise<AccountInfo> {
    const account = await this.#begin(client);
    void account.keepForResume();
    return client.account();
  }

  #pass(event: MailEvent): void {
    this.#tell(event);
    if (event.kind === 'synced') void this.#outbox?.flush();
    // What is latest is known once everything is.
    if (event.kind === 'taken-in' && event.reached.done) void this.#device.keepRecent(this.#client);
  }

  /** Does it at the server, or else here: when the server does not answer. */
  /** See {@link OutboxRunner.apart}. */
  #apart<Done>(draftId: string | undefined, act: () => Promise<Done>): Promise<Done> {
    return this.#outbox ? this.#outbox.apart(draftId, act) : act();
  }

  async #unlessOffline<Done>(
    there: () => Promise<Done>,
    here: (outbox: OutboxRunner) => Promise<Done>,
  ): Promise<Done> {
    try {
      if (navigator.onLine) return await there();
    } catch (thrown) {
      if (errorRecord(thrown).code !== 'offline') throw thrown;
    }
    return here(this.#queue);
  }
}
