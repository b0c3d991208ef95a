import { describe, expect, it } from 'vitest';
import { Selection } from './selection.svelte';

const ORDER = ['a', 'b', 'c', 'd', 'e'];

function selected(...acts: ((selection: Selection) => void)[]): string[] {
  const selection = new Selection();
  for (const act of acts) act(selection);
  return selection.ids.sort();
}

describe('Selection', () => {
  it('toggles', () => {
    expect(
      selected((at) => {
        for (const id of ['a', 'b', 'a']) at.toggle(id);
      }),
    ).toEqual(['b']);
  });

  it('takes a range from the last toggled one, in either direction', () => {
    expect(
      selected((at) => {
        at.toggle('b');
        at.extend('d', ORDER);
      }),
    ).toEqual(['b', 'c', 'd']);
    expect(
      selected((at) => {
        at.toggle('d');
        at.extend('b', ORDER);
      }),
    ).toEqual(['b', 'c', 'd']);
  });

  it('replaces a range by another from the same beginning', () => {
    const ids = selected((at) => {
      at.toggle('e');
      at.toggle('b');
      at.extend('d', ORDER);
      at.extend('a', ORDER);
    });
    expect(ids).toEqual(['a', 'b', 'e']);
  });

  it('begins a range where the focus was when nothing was selected before', () => {
    expect(
      selected((at) => {
        at.extend('c', ORDER, 'b');
        at.extend('d', ORDER, 'c');
      }),
    ).toEqual(['b', 'c', 'd']);
  });

  it('begins anew when what a range began with has left', () => {
    expect(
      selected((at) => {
        at.toggle('x');
        at.extend('b', ORDER);
      }),
    ).toEqual(['b', 'x']);
  });

  it('says how much of a list is selected', () => {
    const selection = new Selection();
    expect(selection.state(ORDER)).toBe('none');
    selection.addAll(['a', 'b']);
    expect(selection.state(ORDER)).toBe('some');
    selection.addAll(ORDER);
    expect(selection.state(ORDER)).toBe('all');
    selection.drop(['a']);
    expect(selection.state(ORDER)).toBe('some');
    selection.clear();
    expect(selection.size).toBe(0);
  });
});
