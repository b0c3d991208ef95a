/** Indexes from `start` up to, but not, `end`. */
export interface IndexRange {
  start: number;
  end: number;
}

/** Where a list is scrolled to, in pixels. */
export interface Viewport {
  top: number;
  height: number;
  rowHeight: number;
}

/** The rows that are seen, in part at least. */
export function seenRange({ top, height, rowHeight }: Viewport, count: number): IndexRange {
  if (rowHeight <= 0) return { start: 0, end: Math.min(1, count) };
  const start = Math.min(Math.max(0, Math.floor(top / rowHeight)), Math.max(0, count - 1));
  const end = Math.min(count, Math.max(start + 1, Math.ceil((top + height) / rowHeight)));
  return { start: Math.min(start, end), end };
}

/** The rows that are drawn: those that are seen, some around them, and one more that must not go, as it has the focus. */
export function drawnIndexes(
  seen: IndexRange,
  count: number,
  margin: number,
  pinned: number | undefined,
): number[] {
  const start = Math.max(0, seen.start - margin);
  const end = Math.min(count, seen.end + margin);
  const indexes = Array.from({ length: Math.max(0, end - start) }, (_, at) => start + at);
  if (pinned === undefined || pinned < 0 || pinned >= count) return indexes;
  if (pinned < start) return [pinned, ...indexes];
  return pinned >= end ? [...indexes, pinned] : indexes;
}

/** How far to scroll so that a row is seen whole; undefined when it is. */
export function topToReveal(index: number, { top, height, rowHeight }: Viewport): number | undefined {
  const rowTop = index * rowHeight;
  if (rowTop < top) return rowTop;
  if (rowTop + rowHeight > top + height) return Math.max(0, rowTop + rowHeight - height);
  return undefined;
}
