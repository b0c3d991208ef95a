import { coreText } from './core-text';

/** What an error says to a person. */
export function errorText({ message }: { code: string; message: string }): string {
  return coreText(message);
}
