import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Router } from './router.svelte';

describe('a link to write to somebody', () => {
  const link = 'mailto:bob@example.org?subject=Tea%20%26%20cake';
  let stop = () => {};
  const write = vi.fn();

  beforeEach(() => {
    vi.clearAllMocks();
    history.replaceState(null, '', '/mail');
  });
  afterEach(() => stop());

  it('begins a message where the page is', () => {
    const router = new Router(write);
    stop = router.listen();
    document.body.innerHTML = `<a target="_blank" href="${link}">write</a>`;
    const click = new MouseEvent('click', { bubbles: true, cancelable: true });
    document.querySelector('a')?.dispatchEvent(click);
    expect(write).toHaveBeenCalledExactlyOnceWith(link);
    expect(click.defaultPrevented).toBe(true);
  });

  it('begins one, and one only, when the page is opened with it', () => {
    history.replaceState(null, '', `/mail#${link}`);
    const router = new Router(write);
    expect(location.href).toMatch(/\/mail$/);
    expect(write).not.toHaveBeenCalled();
    router.writeFirst();
    router.writeFirst();
    expect(write).toHaveBeenCalledExactlyOnceWith(link);
  });

  it('is no other fragment', () => {
    history.replaceState(null, '', '/mail#main');
    new Router(write).writeFirst();
    expect(location.hash).toBe('#main');
    expect(write).not.toHaveBeenCalled();
  });
});

describe('what covers the page', () => {
  let router: Router;
  let stop: () => void;
  const write = vi.fn();

  beforeEach(() => {
    history.replaceState(null, '', '/mail');
    router = new Router(write);
    stop = router.listen();
  });
  afterEach(() => stop());

  /** Back, as a browser says it: the place below is the present one. */
  function back(path: string, state: unknown = null): void {
    history.replaceState(state, '', path);
    window.dispatchEvent(new PopStateEvent('popstate', { state }));
  }

  it('is closed by Back, and the page stays', () => {
    const uncover = vi.fn();
    router.cover(uncover);
    expect(history.state).toBe('cover');
    back('/mail');
    expect(uncover).toHaveBeenCalledOnce();
    expect(router.route).toMatchObject({ name: 'mail', folder: 'inbox' });
  });

  it('leaves no place that Back has to be pressed for twice', () => {
    const further = vi.spyOn(history, 'back').mockReturnValue();
    router.cover(vi.fn())();
    back('/mail');
    expect(further).toHaveBeenCalledOnce();
    further.mockRestore();
  });

  it('gives its place to the next page', () => {
    router.cover(vi.fn())();
    const { length } = history;
    router.go('/mail/sent');
    expect(history.length).toBe(length);
    expect(history.state).toBeNull();
    expect(router.route).toMatchObject({ folder: 'sent' });
  });

  it('has the place that was gone to and left at once, and Back leads to none twice', () => {
    router.go('/mail/drafts');
    router.go('/mail/drafts/0123456789ab');
    router.replace('/mail/drafts');
    const { length } = history;
    const uncover = vi.fn();
    const uncovered = router.cover(uncover);
    expect(history.length).toBe(length);
    uncovered();
    const further = vi.spyOn(history, 'back').mockReturnValue();
    back('/mail/drafts');
    expect(further).toHaveBeenCalledOnce();
    further.mockRestore();
  });

  it('is not taken for the place below it when that is another', () => {
    router.go('/mail/spam');
    router.cover(vi.fn())();
    router.go('/mail');
    expect(history.state).toBeNull();
    const { length } = history;
    router.go('/mail/inbox/0123456789ab');
    expect(history.length).toBe(length + 1);
  });

  it('has one place, however often it comes back', () => {
    const push = vi.spyOn(history, 'pushState');
    router.cover(vi.fn())();
    router.cover(vi.fn());
    expect(push).toHaveBeenCalledOnce();
    push.mockRestore();
  });
});
