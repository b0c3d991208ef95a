import { describe, expect, it } from 'vitest';
import { isElsewhere, isSingleKey, KeyReader, rowIdAt } from './list-keys';

const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

function read(...keys: (string | Partial<KeyboardEvent>)[]) {
  const reader = new KeyReader();
  return keys.map((key) => reader.read({ ...NONE, key: '', ...(typeof key === 'string' ? { key } : key) }));
}

describe('KeyReader', () => {
  it('reads single keys', () => {
    expect(read('e', '#', '!', 'u', 'q')).toEqual(['archive', 'trash', 'spam', 'read', undefined]);
    expect(read({ key: 'U', shiftKey: true })).toEqual(['unread']);
    expect(read({ key: 'ArrowDown', shiftKey: true }, 'ArrowDown')).toEqual(['extend', undefined]);
  });

  it('reads what follows a star', () => {
    expect(read('*', 'a', 'a')).toEqual([undefined, 'select-all', 'reply-all']);
    expect(read('*', 'Shift', 'n')).toEqual([undefined, undefined, 'select-none']);
    expect(read('*', 'e', 'a')).toEqual([undefined, 'archive', 'reply-all']);
  });

  it('leaves the browser its own', () => {
    expect(
      read({ key: 'a', ctrlKey: true }, { key: 's', ctrlKey: true }, { key: 'e', altKey: true }),
    ).toEqual(['select-all', undefined, undefined]);
    expect(read('constructor')).toEqual([undefined]);
  });
});

describe('a single key', () => {
  it('is one letter or sign alone', () => {
    const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
    const is = (key: string, held: object = {}) => isSingleKey({ ...NONE, ...held, key });
    expect([is('e'), is('#', { shiftKey: true }), is('?')]).toEqual([true, true, true]);
    expect([is('a', { ctrlKey: true }), is('ArrowDown', { shiftKey: true }), is('Escape')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('keys', () => {
  it('are left to what is written in', () => {
    document.body.innerHTML =
      '<input id="text"><input id="box" type="checkbox"><ul><li><a id="row" data-row="0a"></a></li></ul>';
    const at = (id: string) => document.getElementById(id);
    expect([isElsewhere(at('text')), isElsewhere(at('box')), isElsewhere(at('row'))]).toEqual([
      true,
      false,
      false,
    ]);
    expect([rowIdAt(at('row')), rowIdAt(at('text'))]).toEqual(['0a', undefined]);
  });
});
