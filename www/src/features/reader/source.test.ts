import { describe, expect, it } from 'vitest';
import { fileName, shownSource } from './source';

describe('shownSource', () => {
  it('shows the beginning of what is long, and says so', () => {
    const { text, isCut } = shownSource(new TextEncoder().encode('a\r\n'.repeat(100_000)));
    expect(isCut).toBe(true);
    expect(text.length).toBeLessThan(200_000);
    expect(shownSource(new TextEncoder().encode('Subject: x\r\n\r\ny'))).toEqual({
      text: 'Subject: x\n\ny',
      isCut: false,
    });
  });
});

describe('fileName', () => {
  it.each([
    ['Re: Dinner / tonight?', 'Re Dinner tonight.eml'],
    ['../../x', 'x.eml'],
    ['', 'message.eml'],
    ['日本語', '日本語.eml'],
  ])('names a file after %j', (subject, name) => {
    expect(fileName(subject)).toBe(name);
  });
});
