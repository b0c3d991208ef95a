import { describe, expect, it } from 'vitest';
import { menuPlace } from './menu-place';

const WINDOW = { width: 400, height: 600 };
const MENU = { width: 200, height: 100 };
const button = (left: number, top: number) => ({ left, right: left + 40, top, bottom: top + 40 });

describe('menuPlace', () => {
  it('opens below, its end at the end of the button', () => {
    expect(menuPlace(button(300, 100), MENU, WINDOW)).toEqual({ left: 140, top: 144 });
  });

  it('opens above where there is no room below', () => {
    expect(menuPlace(button(300, 500), MENU, WINDOW)).toEqual({ left: 140, top: 396 });
  });

  it('ends at the left where one reads to the left', () => {
    expect(menuPlace(button(150, 100), MENU, WINDOW, 'rtl')).toEqual({ left: 150, top: 144 });
    expect(menuPlace(button(300, 100), MENU, WINDOW, 'rtl')).toEqual({ left: 192, top: 144 });
  });

  it('stays inside the window', () => {
    expect(menuPlace(button(0, 10), { width: 200, height: 900 }, WINDOW)).toEqual({ left: 8, top: 8 });
  });
});
