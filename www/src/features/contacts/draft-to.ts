import type { Draft } from '../../crypto/views';

/** A new message to these addresses. */
export function draftTo(addresses: string[]): Draft {
  return {
    id: undefined,
    version: undefined,
    to: addresses,
    cc: [],
    bcc: [],
    subject: '',
    text: '',
    inReplyTo: undefined,
    references: [],
    attachments: [],
  };
}
