import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Watchdog } from './watchdog';

describe('Watchdog', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('calls a worker stuck once it has been silent for 20 seconds', () => {
    const stuck = vi.fn();
    const watchdog = new Watchdog(() => {}, stuck);
    watchdog.watch();
    vi.advanceTimersByTime(20_000);
    expect(stuck).not.toHaveBeenCalled();
    vi.advanceTimersByTime(4_000);
    expect(stuck).toHaveBeenCalledOnce();
  });

  it('leaves a slow worker alone that still answers', () => {
    const stuck = vi.fn();
    const watchdog = new Watchdog(() => watchdog.heard(), stuck);
    watchdog.watch();
    vi.advanceTimersByTime(600_000);
    expect(stuck).not.toHaveBeenCalled();
  });

  it('asks nothing of an idle worker', () => {
    const ping = vi.fn();
    const watchdog = new Watchdog(ping, () => {});
    watchdog.watch();
    watchdog.rest();
    vi.advanceTimersByTime(60_000);
    expect(ping).not.toHaveBeenCalled();
  });
});
