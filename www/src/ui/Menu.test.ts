import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import Menu from './Menu.svelte';

function key(name: string): void {
  document.activeElement?.dispatchEvent(
    new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }),
  );
}

describe('Menu', () => {
  it('opens, moves, chooses and gives the focus back by keys', async () => {
    const [first, second] = [vi.fn(), vi.fn()];
    render(Menu, {
      label: 'Folder actions',
      items: [
        { label: 'Rename', run: first },
        { label: 'Delete', run: second },
      ],
    });
    const button = screen.getByRole('button', { name: 'Folder actions' });
    button.focus();
    key('ArrowDown');
    await tick();
    await tick();
    expect(document.activeElement?.textContent).toBe('Rename');
    key('ArrowUp');
    expect(document.activeElement?.textContent).toBe('Delete');
    (document.activeElement as HTMLElement).click();
    await tick();
    expect(second).toHaveBeenCalledOnce();
    expect(first).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(button);

    button.click();
    await tick();
    await tick();
    key('Escape');
    await tick();
    expect(screen.queryByRole('menu')).toBeNull();
  });
});
