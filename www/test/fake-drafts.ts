import type { Draft, MessageView, QuoteWords } from '../src/crypto/views';
import { EMPTY_DRAFT } from './fake-mail';

export function fakeReply(view: MessageView, words: QuoteWords): Draft {
  const quoted = view.text.replace(/^/gm, '> ');
  return {
    ...EMPTY_DRAFT,
    to: view.replyTo.map((person) => person.address),
    subject: `Re: ${view.subject}`,
    text: `\n\n${words.wrote}\n${quoted}`,
    inReplyTo: view.messageId,
    references: [view.messageId],
  };
}

export function fakeForward(view: MessageView, words: QuoteWords): Draft {
  const text = `\n\n---------- ${words.forwarded} ----------\n${words.fields.from}: ${view.from.address}\n\n${view.text}`;
  return { ...EMPTY_DRAFT, subject: `Fwd: ${view.subject}`, text };
}
