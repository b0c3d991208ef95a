import type { components } from '../api/schema';
import type { ErrorCode as ClientErrorCode } from './wasm/smail_crypto_wasm';

/** Everything that can go wrong: in the mail client, at the server, or on this side of the worker. */
export type ErrorCode = ClientErrorCode | components['schemas']['ProblemCode'] | PageErrorCode;

/** What only the page can tell. */
export type PageErrorCode =
  /** The worker died or was stopped while this call was under way. */
  | 'worker-lost'
  /** The worker was stopped because of this very message. */
  | 'unsafe-message'
  /** The worker or its WebAssembly module did not load. */
  | 'crypto-not-loaded'
  /** There is no connection, and a recipient's certificate is not on this device. */
  | 'key-not-at-hand'
  /** More than this browser can collect for one file. */
  | 'export-too-large'
  /** The file that was chosen could not be written. */
  | 'file-not-written'
  /** The browser's question for a passkey was answered by no, or closed. */
  | 'passkey-cancelled'
  /** Nobody answered it in time. */
  | 'passkey-late'
  /** The device has a passkey of this account already. */
  | 'passkey-there'
  /** The browser or the device failed. */
  | 'passkey-failed'
  /** This browser has no passkeys, or none at this address. */
  | 'passkeys-unsupported'
  /** Anything without a code of its own. */
  | 'unexpected';

/** An error as it crosses from the worker: a stable code to branch on and a sentence to show. */
export interface ErrorRecord {
  code: ErrorCode;
  message: string;
  /** Which input it is about: `username`, `password`, `to`… */
  field?: string | undefined;
  /** When to try again, in seconds. */
  retryAfterS?: number | undefined;
}

/** Why a call to the worker failed. */
export class MailError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly retryAfterS: number | undefined;

  constructor(record: ErrorRecord) {
    super(record.message);
    this.name = 'MailError';
    this.code = record.code;
    this.field = record.field;
    this.retryAfterS = record.retryAfterS;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Brings whatever was thrown into an error record. The text of errors that are nobody's is not shown. */
export function errorRecord(thrown: unknown): ErrorRecord {
  if (thrown instanceof MailError) {
    return {
      code: thrown.code,
      message: thrown.message,
      field: thrown.field,
      retryAfterS: thrown.retryAfterS,
    };
  }
  if (isRecord(thrown) && typeof thrown['code'] === 'string' && typeof thrown['message'] === 'string') {
    const { code, message, field, retryAfterS } = thrown;
    return {
      // Whoever throws with a code throws one of these: the Rust errors and the page's own.
      code: code as ErrorCode,
      message,
      field: typeof field === 'string' ? field : undefined,
      retryAfterS: typeof retryAfterS === 'number' ? retryAfterS : undefined,
    };
  }
  return { code: 'unexpected', message: 'Something went wrong in this page. Try again, or reload it.' };
}

/** Brings whatever was thrown into a `MailError`. */
export function mailError(thrown: unknown): MailError {
  return thrown instanceof MailError ? thrown : new MailError(errorRecord(thrown));
}
