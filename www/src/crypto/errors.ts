/** An error as it crosses from the worker: a stable code to branch on and a sentence to show. */
export interface ErrorRecord {
  code: string;
  message: string;
  /** Which input it is about: `username`, `password`, `to`… */
  field?: string | undefined;
  /** When to try again, in seconds. */
  retryAfterS?: number | undefined;
}

/** Why a call to the worker failed. */
export class MailError extends Error {
  readonly code: string;
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

/** Codes made on this side of the worker; the others come from the Rust errors. */
export const CODE = {
  /** No answer from the server: no network, or it is down. */
  offline: 'offline',
  /** The session has ended; logging in again goes on. */
  noSession: 'no-session',
  /** The password is asked for again before credentials are changed. */
  freshLoginRequired: 'fresh-login-required',
  /** The worker died or was stopped while this call was under way. */
  workerLost: 'worker-lost',
  /** The worker was stopped because of this very message. */
  unsafeMessage: 'unsafe-message',
  /** The worker or its WebAssembly module did not load. */
  notLoaded: 'crypto-not-loaded',
  /** Anything without a code of its own. */
  unexpected: 'unexpected',
} as const;

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
      code,
      message,
      field: typeof field === 'string' ? field : undefined,
      retryAfterS: typeof retryAfterS === 'number' ? retryAfterS : undefined,
    };
  }
  return { code: CODE.unexpected, message: 'Something went wrong in this page. Try again, or reload it.' };
}

/** Brings whatever was thrown into a `MailError`. */
export function mailError(thrown: unknown): MailError {
  return thrown instanceof MailError ? thrown : new MailError(errorRecord(thrown));
}
