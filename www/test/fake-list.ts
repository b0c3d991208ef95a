import type { ListSpec, MessageRow, SortOrder } from '../src/crypto/views';

/** How a list is sorted. */
export const ORDERS: Record<SortOrder, (a: MessageRow, b: MessageRow) => number> = {
  newest: (a, b) => b.arrivalMs - a.arrivalMs,
  oldest: (a, b) => a.arrivalMs - b.arrivalMs,
  sender: (a, b) => a.from.address.localeCompare(b.from.address),
  subject: (a, b) => a.subject.localeCompare(b.subject),
  size: (a, b) => b.sizeBytes - a.sizeBytes,
};

/** Whether a list shows a row. */
export function passes(row: MessageRow, { filter }: ListSpec): boolean {
  if (filter === 'unread') return row.unread;
  if (filter === 'starred') return row.starred;
  return filter !== 'attachments' || row.attachments > 0;
}
