import type { MessageRow } from '../../crypto/views';
import { t } from '../../i18n';
import { knownName } from '../contacts/known-names.svelte';

/** What is said of a row as it is drawn. */
export interface RowWords {
  /** Who wrote it, or whom it is to. */
  who: string;
  date: string;
  /** Of a conversation. */
  messages?: number;
  /** Where it is, if that is not plain. */
  folder?: string | undefined;
  /** Whether it is this account's own. */
  isOwn: boolean;
}

/**
 * Nothing proves that the person named wrote it. Of what came from a file nobody has judged that: it is said where it
 * bears the address of somebody who is in the address book.
 */
export function isDoubtful(
  { signature, from }: Pick<MessageRow, 'signature' | 'from'>,
  isOwn: boolean,
): boolean {
  if (signature !== undefined) return signature !== 'verified';
  return !isOwn && knownName(from.address) !== undefined;
}

/** What a screen reader says of a row of a list. */
export function rowName(row: MessageRow, { who, date, messages = 1, folder, isOwn }: RowWords): string {
  const from = isDoubtful(row, isOwn) ? t('mailbox:rowDoubtful', { who }) : who;
  const parts = [
    row.unread ? t('mailbox:rowUnread', { who: from }) : from,
    messages > 1 ? t('common:messages', { count: messages }) : undefined,
    row.subject || t('common:noSubject'),
    date,
    folder,
  ];
  return parts.filter((part) => part !== undefined).join(t('common:comma'));
}
