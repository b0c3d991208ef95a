import { describe, expect, it } from 'vitest';
import { followedAt, linkTarget, mismatch, targetText } from './links';

function found(text: string, href: string): string | undefined {
  const url = linkTarget(href);
  if (!url) throw new Error(`${href} is no target`);
  return mismatch(text, url)?.leadsTo;
}

describe('a link in a message', () => {
  it.each([
    ['https://ok.example/a?b#c', 'https://ok.example/a?b#c'],
    ['mailto:bob@example.org?subject=x%20y', `${location.origin}/mail#mailto:bob@example.org?subject=x%20y`],
  ])('%s is followed at %s', (href, at) => {
    const url = linkTarget(href);
    expect(url && followedAt(url)).toBe(at);
  });
});

describe('mismatch', () => {
  it.each([
    ['pаypal.com', 'https://xn--pypal-4ve.com/'],
    ['https://ехе.com/login', 'https://ехе.com/login'],
    ['ВАНК.com', 'https://ВАНК.com/'],
  ])('names what %s, which looks like another, leads to', (shown, href) => {
    expect(found(shown, href)).toMatch(/^xn--/);
  });

  it.each(['münchen.example', 'пример.рф', 'сор.рф', '例え.jp', 'ελλάδα.gr'])('leaves %s alone', (host) => {
    expect(found(host, `https://${host}/`)).toBeUndefined();
  });
});

describe('linkTarget', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '/mail',
    '#top',
    'vbscript:x',
    'file:///etc/passwd',
    '',
  ])('leads nowhere with %s', (href) => {
    expect(linkTarget(href)).toBeUndefined();
  });

  it('says where a link leads without what pretends to be the host', () => {
    const url = linkTarget('https://bank.example@evil.example/login?x=1');
    expect(url && targetText(url)).toBe('https://evil.example/login?x=1');
    const mail = linkTarget('mailto:bob%40localhost?subject=x');
    expect(mail && targetText(mail)).toBe('mail to bob@localhost');
  });
});

describe('mismatch', () => {
  it.each([
    ['https://bank.example/login', 'https://evil.example/', 'evil.example'],
    ['bank.example', 'https://bank.example.evil.example/', 'bank.example.evil.example'],
    ['www.bank.example', 'https://evil.example:8443/', 'evil.example:8443'],
    ['bank.example', 'https://notbank.example/', 'notbank.example'],
    ['bank.exa\u200bmple', 'https://evil.example/', 'evil.example'],
    ['https://bank.example', 'https://bank.example@evil.example/', 'evil.example'],
    ['alice@bank.example', 'mailto:mallory@evil.example', 'mallory@evil.example'],
    ['alice@bank.example', 'https://evil.example/', 'evil.example'],
    ['bank.example', 'mailto:mallory@evil.example', 'mallory@evil.example'],
  ])('finds that %s is not %s', (text, href, leadsTo) => {
    expect(found(text, href)).toBe(leadsTo);
  });

  it.each([
    ['https://example.org/a', 'https://example.org/b'],
    ['example.org', 'https://www.example.org/'],
    ['www.example.org', 'https://shop.example.org/'],
    ['MÜNCHEN.example', 'https://xn--mnchen-3ya.example/'],
    ['alice@example.org', 'mailto:Alice@example.org'],
    ['Read more', 'https://anywhere.example/'],
    ['Version 1.2', 'https://anywhere.example/'],
    ['', 'https://anywhere.example/'],
  ])('takes %s for what it is', (text, href) => {
    expect(found(text, href)).toBeUndefined();
  });
});
