import { describe, expect, it } from 'vitest';
import { draftOfLink, EMPTY } from './new-draft';

describe('the message that a link asks for', () => {
  const asked = (link: string) => {
    const { to, cc, bcc, subject, text } = draftOfLink(link) ?? EMPTY;
    return { to, cc, bcc, subject, text };
  };
  const nothing = { to: [], cc: [], bcc: [], subject: '', text: '' };

  it.each([
    ['mailto:bob@example.org', { to: ['bob@example.org'] }],
    ['MAILTO:bob%40example.org', { to: ['bob@example.org'] }],
    ['mailto:a@b.example,c@d.example?to=e@f.example', { to: ['a@b.example', 'c@d.example', 'e@f.example'] }],
    ['mailto:%22not%40me%2C%20you%22@example.org', { to: ['"not@me, you"@example.org'] }],
    ['mailto:?CC=a@b.example&bcc=c@d.example', { cc: ['a@b.example'], bcc: ['c@d.example'] }],
    ['mailto:a@b.example?subject=Tea+milk%20%26%20more', { to: ['a@b.example'], subject: 'Tea+milk & more' }],
    ['mailto:?body=One%0D%0Atwo%0Athree', { text: 'One\ntwo\nthree' }],
    ['mailto:?subject=a%0D%0ABcc:%20x@y.example', { subject: 'a Bcc: x@y.example' }],
    ['mailto:?subject=100%&body=%E0%A4', { subject: '100%', text: '%E0%A4' }],
    ['mailto:?from=x@y.example&attach=/etc/passwd&x&tox&bodyx', {}],
  ])('%s', (link, draft) => {
    expect(asked(link)).toEqual({ ...nothing, ...draft });
  });

  it('is none for other links', () => {
    expect(draftOfLink('https://example.org')).toBeUndefined();
    expect(draftOfLink('no link')).toBeUndefined();
  });

  it('has an end', () => {
    const many = Array.from({ length: 1_000 }, (_, at) => `p${String(at)}@example.org`).join(',');
    expect(draftOfLink(`mailto:${many}`)?.to).toHaveLength(100);
  });
});
