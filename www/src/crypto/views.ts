/** What the worker gives the page to show: the records of `mail-core/src/views.rs`, as they cross. They hold no key. */

export interface AccountInfo {
  username: string;
  domain: string;
  address: string;
  /** Upper-case hexadecimal in groups of four. */
  fingerprint: string;
  hasRecovery: boolean;
}

export type FolderRole = 'inbox' | 'sent' | 'drafts' | 'archive' | 'trash';

export interface Folder {
  id: string;
  role: FolderRole;
  unread: number;
  total: number;
}

export interface Person {
  /** May be empty. */
  name: string;
  address: string;
}

export interface MessageRow {
  id: string;
  folderId: string;
  from: Person;
  to: Person[];
  subject: string;
  snippet: string;
  dateMs: number;
  arrivalMs: number;
  sizeBytes: number;
  unread: boolean;
  starred: boolean;
  attachments: number;
  /** Why the message could not be opened, as one sentence. */
  fault?: string | undefined;
}

export interface MessagePage {
  rows: MessageRow[];
  /** Pass for the next page; absent on the last. */
  next?: string | undefined;
  total: number;
}

export type SignatureState =
  'verified' | 'unsigned' | 'unknown-key' | 'wrong-sender' | 'wrong-recipient' | 'unusable-key' | 'invalid';

export interface Security {
  encrypted: boolean;
  signature: SignatureState;
  /** One sentence for a person. */
  text: string;
  signerFingerprint?: string | undefined;
}

export interface MessageView {
  id: string;
  folderId: string;
  from: Person;
  to: Person[];
  cc: Person[];
  bcc: Person[];
  replyTo: Person[];
  subject: string;
  dateMs: number;
  text: string;
  messageId: string;
  references: string[];
  notes: string[];
  security: Security;
}

export interface Draft {
  id?: string | undefined;
  to: string[];
  cc: string[];
  bcc: string[];
  subject: string;
  text: string;
  inReplyTo?: string | undefined;
  references: string[];
}

export type RecipientState = 'ready' | 'malformed' | 'unknown' | 'outside' | 'unusable-key' | 'changed-key';

export interface RecipientStatus {
  typed: string;
  address?: string | undefined;
  state: RecipientState;
  /** One sentence for a person; empty when ready. */
  text: string;
  fingerprint?: string | undefined;
  pinnedFingerprint?: string | undefined;
}

export interface SentReceipt {
  row: MessageRow;
}

export interface SyncOutcome {
  changed: MessageRow[];
  removed: string[];
  folders: Folder[];
  accountChanged: boolean;
}

export interface RecoveryKit {
  code: string;
}

export type Step =
  | 'contacting'
  | 'stretching-password'
  | 'making-keys'
  | 'opening-keys'
  | 'looking-up'
  | 'encrypting'
  | 'uploading'
  | 'delivering'
  | 'downloading'
  | 'decrypting';
