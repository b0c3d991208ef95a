import type { Draft, MessageView } from '../src/crypto/views';
import { EMPTY_DRAFT } from './fake-mail';

export function fakeReply(view: MessageView): Draft {
  const quoted = view.text.replace(/^/gm, '> ');
  return {
    ...EMPTY_DRAFT,
    to: view.replyTo.map((person) => person.address),
    subject: `Re: ${view.subject}`,
    text: `\n\n${view.from.address} wrote:\n${quoted}`,
    inReplyTo: view.messageId,
    references: [view.messageId],
  };
}

export function fakeForward(view: MessageView): Draft {
  const text = `\n\n---------- Forwarded message ----------\nFrom: ${view.from.address}\n\n${view.text}`;
  return { ...EMPTY_DRAFT, subject: `Fwd: ${view.subject}`, text };
}
