import type { Draft } from '../../crypto/views';

/** A message that says nothing yet, to nobody. */
export const EMPTY: Draft = {
  id: undefined,
  version: undefined,
  inReplyTo: undefined,
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  text: '',
  references: [],
  attachments: [],
};

/** No link that a person means to follow asks for more. */
const [MAX_RECIPIENTS, MAX_TEXT_CHARS] = [100, 100_000];

/** A new message to these addresses. */
export function draftTo(addresses: string[]): Draft {
  return { ...EMPTY, to: addresses };
}

/**
 * The message that a `mailto:` link asks for (RFC 6068, section 2): to whom, its subject and its text. Every other field of the
 * link is left out (section 4): it would say what the writer does not see.
 */
export function draftOfLink(link: string): Draft | undefined {
  const url = URL.parse(link);
  if (url?.protocol !== 'mailto:') return undefined;
  const fields = url.search.slice(1).split('&').map(field);
  const values = (name: string) => fields.filter((field) => field.name === name).map(({ value }) => value);
  const people = (name: string) => values(name).flatMap(addressesOf);
  return {
    ...EMPTY,
    to: [...addressesOf(url.pathname), ...people('to')].slice(0, MAX_RECIPIENTS),
    cc: people('cc').slice(0, MAX_RECIPIENTS),
    bcc: people('bcc').slice(0, MAX_RECIPIENTS),
    subject: oneLine(values('subject').map(decoded).join(' ')),
    text: values('body').map(decoded).join('\n').replace(/\r\n?/g, '\n').slice(0, MAX_TEXT_CHARS),
  };
}

function field(words: string): { name: string; value: string } {
  const at = words.indexOf('=');
  if (at < 0) return { name: '', value: '' };
  return { name: words.slice(0, at).toLowerCase(), value: words.slice(at + 1) };
}

/** A comma that is part of an address is written as `%2C`. */
function addressesOf(list: string): string[] {
  return list
    .split(',')
    .map((address) => oneLine(decoded(address)))
    .filter(Boolean);
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}

/** What is no encoding stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
