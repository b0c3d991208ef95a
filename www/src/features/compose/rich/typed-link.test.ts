import { expect, it } from 'vitest';
import { typedLink } from './typed-link';

it('reads links as people type them, and no others', () => {
  expect(typedLink(' example.org/a ')).toBe('https://example.org/a');
  expect(typedLink('http://example.org')).toBe('http://example.org/');
  expect(typedLink('localhost:8080/a.b')).toBe(undefined);
  expect(typedLink('bob@example.org')).toBe('mailto:bob@example.org');
  for (const wrong of ['', 'word', 'two words.org', 'javascript:alert(1)', 'data:text/html,x'])
    expect(typedLink(wrong), wrong).toBeUndefined();
});
