import { describe, expect, it } from 'vitest';
import { rowAfterKey } from './row-focus';

describe('rowAfterKey', () => {
  it.each<[string, number, number | undefined]>([
    ['ArrowDown', 0, 1],
    ['j', 2, 2],
    ['ArrowUp', 2, 1],
    ['k', 0, 0],
    ['Home', 2, 0],
    ['End', 0, 2],
    ['PageDown', 0, 2],
    ['PageUp', 2, 0],
    ['Enter', 0, undefined],
  ])('%s from row %i', (key, at, expected) => {
    expect(rowAfterKey(key, at, 3, 5)).toBe(expected);
  });

  it('goes nowhere in an empty list', () => {
    expect(rowAfterKey('End', -1, 0)).toBeUndefined();
  });
});
