import { describe, expect, it, vi } from 'vitest';
import { Notices } from './notices.svelte';

const texts = (notices: Notices) => notices.list.map((notice) => notice.text);

describe('notices', () => {
  it('shows the newest of a topic, and all others', () => {
    vi.useFakeTimers();
    const notices = new Notices();
    notices.show('New mail from bob', undefined, 'new-mail');
    notices.show('Message sent');
    notices.show('2 new messages', undefined, 'new-mail');
    expect(texts(notices)).toEqual(['Message sent', '2 new messages']);
    expect(notices.shows('new-mail')).toBe(true);
    vi.runAllTimers();
    expect(texts(notices)).toEqual([]);
    expect(notices.shows('new-mail')).toBe(false);
  });

  it('shows three at most, and lets none go about which something can be done', () => {
    const notices = new Notices();
    notices.show('Sent. Undo?', { label: 'Undo', run: () => {} });
    for (const text of ['one', 'two', 'three']) notices.show(text);
    expect(texts(notices)).toEqual(['Sent. Undo?', 'two', 'three']);
  });

  it('keeps one topic and lets go of the rest', () => {
    const notices = new Notices();
    notices.show('New mail from bob', undefined, 'new-mail');
    notices.show('Saved to Drafts', undefined, 'saved');
    notices.show('Message sent');
    notices.keepOnly('saved');
    expect(texts(notices)).toEqual(['Saved to Drafts']);
  });
});
