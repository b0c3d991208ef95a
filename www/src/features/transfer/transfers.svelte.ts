import { coreText } from '../../i18n/core-text';
import { mailError, type MailError } from '../../crypto/errors';
import { failureList } from '../../crypto/mail-export';
import type { ExportOutcome, ExportProgress, ExportRequest, MailService } from '../../crypto/mail-service';
import type { ImportOutcome, ImportProgress } from '../../crypto/views';
import { t } from '../../i18n';
import { errorText } from '../../i18n/error-text';
import { saveFile } from '../../ui/save-file';
import { fileName } from '../reader/source';
import { chooseTarget } from './export-target';

/** How often lists are drawn anew while mail comes in. */
const REFRESH_MS = 3_000;

/** Mail on its way in. */
export type Incoming =
  | { kind: 'running'; files: string[]; progress: ImportProgress | undefined }
  | { kind: 'ended'; files: string[]; outcome: ImportOutcome }
  | { kind: 'failed'; error: MailError };

/** Mail on its way out. */
export type Outgoing =
  | { kind: 'running'; progress: ExportProgress | undefined }
  | { kind: 'ended'; outcome: ExportOutcome }
  | { kind: 'failed'; error: MailError };

/** What is being asked. */
export type TransferDialog = { kind: 'import' } | { kind: 'export'; folderId: string | undefined };

interface Parts {
  service: MailService;
  note: (thrown: unknown) => MailError;
  /** Messages have come in: what is on show is to be looked at anew. */
  changed: () => void;
  say: (sentence: string) => void;
}

/** Mail in and out in files. It goes on while the person does something else. */
export class Transfers {
  readonly #parts: Parts;
  dialog = $state.raw<TransferDialog | undefined>();
  incoming = $state.raw<Incoming | undefined>();
  outgoing = $state.raw<Outgoing | undefined>();
  /** Messages that are being fetched to be saved. */
  saving = $state.raw<readonly string[]>([]);
  #importId = '';
  #exportId = '';

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get isImporting(): boolean {
    return this.incoming?.kind === 'running';
  }

  get isExporting(): boolean {
    return this.outgoing?.kind === 'running';
  }

  ask(dialog: TransferDialog): void {
    this.dialog = dialog;
    // After a reload nobody has asked for the folders yet.
    this.#parts.changed();
  }

  closeDialog(): void {
    this.dialog = undefined;
  }

  /** Takes files in. */
  async import(files: File[], folderId: string, gmailLabels: boolean): Promise<void> {
    if (this.isImporting || files.length === 0) return;
    this.dialog = undefined;
    const id = (this.#importId = crypto.randomUUID());
    const names = files.map(({ name }) => name);
    this.incoming = { kind: 'running', files: names, progress: undefined };
    let drawnMs = Date.now();
    const hear = (progress: ImportProgress) => {
      if (this.#importId !== id) return;
      this.incoming = { kind: 'running', files: names, progress };
      if (Date.now() - drawnMs < REFRESH_MS) return;
      drawnMs = Date.now();
      this.#parts.changed();
    };
    try {
      const options = { folderId, gmailLabels };
      const outcome = await this.#parts.service.importMail(id, files, options, hear);
      if (this.#importId === id) this.incoming = { kind: 'ended', files: names, outcome };
    } catch (thrown) {
      const error = this.#parts.note(thrown);
      if (this.#importId === id) this.incoming = { kind: 'failed', error };
    }
    this.#parts.changed();
  }

  /** Gives the messages of a folder, or all, into a file that the person chooses. */
  async export(folderId: string | undefined, form: ExportRequest['form'], name: string): Promise<void> {
    if (this.isExporting) return;
    const fullName = `${name}.${form}`;
    const chosen = await chooseTarget(fullName);
    if (chosen === 'none') return;
    this.dialog = undefined;
    const id = (this.#exportId = crypto.randomUUID());
    this.outgoing = { kind: 'running', progress: undefined };
    const hear = (progress: ExportProgress) => {
      if (this.#exportId === id) this.outgoing = { kind: 'running', progress };
    };
    try {
      const request = { folderId, form, target: chosen };
      const outcome = await this.#parts.service.exportMail(id, request, hear);
      if (this.#exportId !== id) return;
      if (outcome.file) saveFile(outcome.file, fullName);
      this.outgoing = { kind: 'ended', outcome };
    } catch (thrown) {
      const error = this.#parts.note(thrown);
      if (this.#exportId !== id) return;
      this.outgoing = error.code === 'cancelled' ? undefined : { kind: 'failed', error };
    }
  }

  cancelImport(): void {
    void this.#parts.service.cancelTransfer(this.#importId);
  }

  cancelExport(): void {
    void this.#parts.service.cancelTransfer(this.#exportId);
  }

  /** Saves one message as a file. */
  async saveMessage(itemId: string, subject: string): Promise<void> {
    if (this.saving.includes(itemId)) return;
    this.saving = [...this.saving, itemId];
    this.#parts.say(t('transfer:preparingMessage'));
    try {
      const file = await this.#parts.service.exportMessage(crypto.randomUUID(), itemId, () => undefined);
      saveFile(file, fileName(subject));
    } catch (thrown) {
      this.#parts.say(errorText(mailError(thrown)));
    } finally {
      this.saving = this.saving.filter((other) => other !== itemId);
    }
  }

  /** Saves the list of messages that were not given out. */
  saveFailures(outcome: ExportOutcome): void {
    const failed = outcome.failed.map((failure) => ({ ...failure, reason: coreText(failure.reason) }));
    saveFile(new Blob([failureList(failed)]), 'errors.txt');
  }

  dismissImport(): void {
    if (!this.isImporting) this.incoming = undefined;
  }

  dismissExport(): void {
    if (!this.isExporting) this.outgoing = undefined;
  }

  /** The account is no longer open: what comes of it is of no interest. */
  forget(): void {
    this.#importId = '';
    this.#exportId = '';
    this.dialog = undefined;
    this.incoming = undefined;
    this.outgoing = undefined;
  }
}
