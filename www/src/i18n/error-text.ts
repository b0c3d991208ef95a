import type { ErrorRecord } from '../crypto/errors';

/** What an error says to a person. */
export function errorText(error: Pick<ErrorRecord, 'code' | 'message'>): string {
  return error.message;
}
