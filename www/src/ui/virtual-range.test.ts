import { describe, expect, it } from 'vitest';
import { drawnIndexes, seenRange, topToReveal } from './virtual-range';

const at = (top: number) => ({ top, height: 500, rowHeight: 100 });

describe('seenRange', () => {
  it.each<[number, number, number, number]>([
    [0, 100_000, 0, 5],
    [250, 100_000, 2, 8],
    [9_999_500, 100_000, 99_995, 100_000],
    [5_000, 3, 2, 3],
    [0, 0, 0, 0],
  ])('scrolled to %i of %i rows sees %i to %i', (top, count, start, end) => {
    expect(seenRange(at(top), count)).toEqual({ start, end });
  });

  it('sees something before the height of a row is known', () => {
    expect(seenRange({ top: 0, height: 0, rowHeight: 0 }, 9)).toEqual({ start: 0, end: 1 });
  });
});

describe('drawnIndexes', () => {
  it('draws a margin on both sides, within the list', () => {
    expect(drawnIndexes({ start: 1, end: 3 }, 5, 2, undefined)).toEqual([0, 1, 2, 3, 4]);
  });

  it('keeps the row with the focus, once', () => {
    expect(drawnIndexes({ start: 50, end: 51 }, 100, 1, 7)).toEqual([7, 49, 50, 51]);
    expect(drawnIndexes({ start: 50, end: 51 }, 100, 1, 99)).toEqual([49, 50, 51, 99]);
    expect(drawnIndexes({ start: 50, end: 51 }, 100, 1, 50)).toEqual([49, 50, 51]);
    expect(drawnIndexes({ start: 50, end: 51 }, 100, 1, 100)).toEqual([49, 50, 51]);
  });
});

describe('topToReveal', () => {
  it('scrolls no further than it must', () => {
    expect(topToReveal(3, at(0))).toBeUndefined();
    expect(topToReveal(7, at(0))).toBe(300);
    expect(topToReveal(1, at(250))).toBe(100);
  });
});
