import { describe, expect, it } from 'vitest';
import { complete } from './suggestions';

const NAMES = {
  folders: [
    { word: 'Inbox', name: 'Inbox' },
    { word: 'Old letters', name: 'folder' },
  ],
  labels: [],
};
const inserts = (text: string) => complete(text, text.length, NAMES).suggestions.map(({ insert }) => insert);

describe('complete', () => {
  it('offers operators that begin so', () => {
    expect(inserts('f')).toEqual(['from:', 'filename:']);
    expect(inserts('dinner -fr')).toEqual(['from:']);
    expect(inserts('dinner')).toEqual([]);
    expect(inserts('dinner ')).toEqual([]);
    expect(inserts('')).toEqual([]);
  });

  it('offers the values of those that have some', () => {
    expect(inserts('is:')).toEqual(['is:unread', 'is:read', 'is:starred']);
    expect(inserts('is:s')).toEqual(['is:starred']);
    expect(inserts('is:starred')).toEqual([]);
    expect(inserts('in:')).toEqual(['in:Inbox', 'in:"Old letters"']);
    expect(inserts('IN:in')).toEqual(['in:Inbox']);
    expect(inserts('from:')).toEqual([]);
  });

  it('says what it replaces', () => {
    expect(complete('dinner -is:u now', 12, NAMES)).toMatchObject({ start: 8, end: 12 });
  });
});
