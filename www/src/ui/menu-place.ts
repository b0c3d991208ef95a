interface Size {
  width: number;
  height: number;
}

/** Room kept to the window's edges, in CSS pixels. */
const EDGE = 8;
const GAP = 4;

/** Where a menu goes: below its button or above it, its end at the button's end, inside the window. */
export function menuPlace(
  anchor: { left: number; right: number; top: number; bottom: number },
  menu: Size,
  window: Size,
  dir: 'ltr' | 'rtl' = 'ltr',
): { left: number; top: number } {
  const below = anchor.bottom + GAP;
  const fits = below + menu.height + EDGE <= window.height;
  const top = fits ? below : anchor.top - GAP - menu.height;
  const wanted = dir === 'ltr' ? anchor.right - menu.width : anchor.left;
  const left = Math.min(wanted, window.width - menu.width - EDGE);
  return { left: Math.max(left, EDGE), top: Math.max(top, EDGE) };
}
