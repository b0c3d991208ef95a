/** What the worker gives the page to show: plain records that hold no key. Declared once, in `mail-core/src/views.rs`. */
export type {
  AccountInfo,
  Draft,
  Folder,
  FolderRole,
  MessagePage,
  MessageRow,
  MessageView,
  Person,
  RecipientState,
  RecipientStatus,
  RecoveryKit,
  Security,
  SentReceipt,
  SignatureState,
  Step,
  SyncOutcome,
} from './wasm/smail_crypto_wasm';
