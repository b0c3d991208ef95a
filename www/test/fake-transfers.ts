import { MailError } from '../src/crypto/errors';
import type {
  ExportOutcome,
  ExportRequest,
  OnExport,
  OnImport,
  OnTransfer,
} from '../src/crypto/mail-service';
import type { DraftAttachment, ImportOptions, ImportOutcome, ImportProgress } from '../src/crypto/views';
import type { Stored } from './fake-mail';

/** What of the fake service they need. */
interface Surroundings {
  readonly cancelled: ReadonlySet<string>;
  readonly imports: ImportOptions[];
  readonly lineIsCut: boolean;
  readonly mail: Stored[];
  readonly uploadGate: Promise<void>;
}

/** Takes one message in for each file. */
export async function importFake(
  fake: Surroundings,
  transferId: string,
  files: File[],
  options: ImportOptions,
  onImport: OnImport,
): Promise<ImportOutcome> {
  const reached: ImportProgress = {
    phase: 'bringing',
    imported: files.length,
    duplicates: 0,
    deleted: 0,
    setAside: 0,
    doneBytes: 1,
    totalBytes: 2,
    waiting: fake.lineIsCut,
  };
  fake.imports.push(options);
  onImport(reached);
  await fake.uploadGate;
  const outcome: ImportOutcome = { reached: { ...reached, doneBytes: 2 }, problems: [] };
  const stopped = { code: 'cancelled', message: 'This was cancelled.' };
  return fake.cancelled.has(transferId) ? { ...outcome, stopped } : outcome;
}

/** Gives out a file that says so. */
export async function exportFake(
  fake: Surroundings,
  transferId: string,
  { folderId, target }: ExportRequest,
  onExport: OnExport,
): Promise<ExportOutcome> {
  const items = fake.mail.filter(({ row }) => folderId === undefined || row.folderId === folderId);
  onExport({ done: 0, total: items.length, bytes: 0, waiting: fake.lineIsCut });
  await fake.uploadGate;
  if (fake.cancelled.has(transferId)) {
    throw new MailError({ code: 'cancelled', message: 'This was cancelled.' });
  }
  const file = target ? undefined : new Blob(['exported']);
  return { done: items.length, drafts: 0, failed: [], file };
}

/** A message whose only words are its id. */
export function messageFake(_transferId: string, itemId: string, onTransfer: OnTransfer): Blob {
  onTransfer({ doneBytes: 0, waiting: false });
  return new Blob([itemId]);
}

/** Uploads a file, half of it at once. */
export async function attachFake(
  fake: Surroundings,
  transferId: string,
  file: File,
  onTransfer: OnTransfer,
): Promise<DraftAttachment> {
  onTransfer({ doneBytes: file.size / 2, waiting: fake.lineIsCut });
  await fake.uploadGate;
  if (fake.cancelled.has(transferId)) {
    throw new MailError({ code: 'cancelled', message: 'This was cancelled.' });
  }
  return { name: file.name, mediaType: file.type, sizeBytes: file.size, handle: `handle of ${file.name}` };
}
