import type { MessageRow } from '../../crypto/views';
import { t } from '../../i18n';

/** What is said of a row as it is drawn. */
export interface RowWords {
  /** Who wrote it, or whom it is to. */
  who: string;
  date: string;
  /** Of a conversation. */
  messages?: number;
  /** Where it is, if that is not plain. */
  folder?: string | undefined;
}

/** Nothing proves that the person named wrote it. */
export function isDoubtful({ signature }: Pick<MessageRow, 'signature'>): boolean {
  return signature !== undefined && signature !== 'verified';
}

/** What a screen reader says of a row of a list. */
export function rowName(row: MessageRow, { who, date, messages = 1, folder }: RowWords): string {
  const from = isDoubtful(row) ? t('mailbox:rowDoubtful', { who }) : who;
  const parts = [
    row.unread ? t('mailbox:rowUnread', { who: from }) : from,
    messages > 1 ? t('common:messages', { count: messages }) : undefined,
    row.subject || t('common:noSubject'),
    date,
    folder,
  ];
  return parts.filter((part) => part !== undefined).join(t('common:comma'));
}
