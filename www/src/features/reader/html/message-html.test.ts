import { describe, expect, it } from 'vitest';
import { messageHtml, type MessageHtml, type Wanted } from './message-html';

/** What is left to the cleaner is tested in browsers; here nothing is hostile. */
const parse = (html: string): HTMLElement =>
  new DOMParser().parseFromString(html, 'text/html').documentElement;

const NOTHING: Wanted = { pictures: new Map(), remote: false, quote: false };

function prepared(html: string, wanted: Partial<Wanted> = {}): MessageHtml {
  return messageHtml(`<html><body>${html}</body></html>`, { ...NOTHING, ...wanted }, parse);
}

describe('messageHtml', () => {
  it('keeps away what is elsewhere until it is wanted, and then asks with TLS', () => {
    const html = '<img src="http://cdn.example/a.png"><img src="//b.example/b.png"><img src="/relative.png">';
    const closed = prepared(html);
    expect(closed.remoteHosts).toEqual(['cdn.example', 'b.example']);
    expect(closed.body.innerHTML).not.toContain('example');
    const open = prepared(html, { remote: true }).body.innerHTML;
    expect(open).toContain('src="https://cdn.example/a.png"');
    expect(open).toContain('src="https://b.example/b.png"');
    expect(open).not.toContain('relative');
  });

  it('shows pictures that came with the message', () => {
    const html = '<img src="cid:logo%40x" alt="Logo"><img src="cid:missing@x">';
    const pictures = new Map([['logo@x', 'data:image/png;base64,AAAA']]);
    const { contentIds, body } = prepared(html, { pictures });
    expect(contentIds).toEqual(['logo@x', 'missing@x']);
    expect(body.innerHTML).toContain('src="data:image/png;base64,AAAA"');
    expect(body.innerHTML).not.toContain('cid:');
  });

  it('lets pictures stand in their addresses, and no drawing or page', () => {
    const html = ['png;base64,AAAA', 'svg+xml;base64,AAAA', 'png,<svg>', 'png;base64,AA"onerror=1']
      .map((rest) => `<img src='data:image/${rest}'>`)
      .join('');
    expect(prepared(html).body.innerHTML.match(/src=/g)).toHaveLength(1);
  });

  it('says where links lead, and opens them elsewhere', () => {
    const { body, mismatches } = prepared(
      '<a href="https://evil.example/">bank.example</a><a href="javascript:x">a</a><a href="#top">b</a><a title="x" href="https://ok.example/">ok</a>',
    );
    const [evil, script, anchor, fine] = body.querySelectorAll('a');
    expect(mismatches).toEqual([{ shown: 'bank.example', leadsTo: 'evil.example' }]);
    expect(evil?.nextSibling?.textContent).toContain('⚠ evil.example');
    expect(script?.hasAttribute('href')).toBe(false);
    expect(anchor?.hasAttribute('href')).toBe(false);
    expect(fine?.getAttribute('rel')).toBe('noopener noreferrer');
    expect(fine?.getAttribute('target')).toBe('_blank');
    expect(fine?.getAttribute('data-leads-to')).toBe('https://ok.example/');
    expect(fine?.hasAttribute('title')).toBe(false);
  });

  it('knows whether a message has colours of its own', () => {
    expect(prepared('<p>plain</p>').hasColours).toBe(false);
    expect(prepared('<table bgcolor="#eee"><tr><td>a</td></tr></table>').hasColours).toBe(true);
    expect(prepared('<font color="red">a</font>').hasColours).toBe(true);
  });
});

describe('messageHtml, of quoted text', () => {
  it.each([
    ['<p>Yes.</p><blockquote type="cite">Q</blockquote>', true],
    ['<div>Yes.<br><div class="gmail_quote">Q</div></div>', true],
    ['<p>Yes.</p><div id="divRplyFwdMsg">From: x</div><p>Q</p>', true],
    [
      '<p>Yes.</p><div class="moz-cite-prefix">wrote:</div><blockquote type="cite">Q</blockquote><p> </p>',
      true,
    ],
    ['<blockquote type="cite">Q</blockquote><p>Answer below.</p>', false],
    ['<blockquote type="cite">Q</blockquote>', false],
    ['<p>Yes.</p><blockquote>A poem, not a quote.</blockquote>', false],
  ])('folds what ends %s: %s', (html, folds) => {
    const folded = prepared(html);
    expect(folded.hasQuote).toBe(folds);
    expect(folded.body.textContent.includes('Q')).toBe(!folds && html.includes('Q'));
    expect(prepared(html, { quote: true }).body.textContent.includes('Q')).toBe(html.includes('Q'));
  });
});
