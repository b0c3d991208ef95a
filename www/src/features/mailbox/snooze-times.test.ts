import { describe, expect, it } from 'vitest';
import { localDateTime, snoozeChoices } from './snooze-times';

/** A time of this device: the 2nd of March 2026 was a Monday. */
const on = (day: number, hour: number, minute = 0) => new Date(2026, 2, day, hour, minute).getTime();
const times = (nowMs: number) =>
  Object.fromEntries(snoozeChoices(nowMs).map(({ when, untilMs }) => [when, untilMs]));

describe('snoozeChoices', () => {
  it('offers the evening, the morning and Monday', () => {
    expect(times(on(4, 9, 30))).toEqual({
      later: on(4, 18),
      tomorrow: on(5, 8),
      nextWeek: on(9, 8),
    });
  });

  it('offers a later hour in the evening, and none at night', () => {
    expect(times(on(4, 17, 10))['later']).toBe(on(4, 21));
    expect(times(on(4, 16, 0))['later']).toBe(on(4, 19));
    expect(times(on(4, 22))).not.toHaveProperty('later');
  });

  it('means the next Monday on a Monday, and says it once on a Sunday', () => {
    expect(times(on(2, 9))['nextWeek']).toBe(on(9, 8));
    expect(times(on(8, 9))['tomorrow']).toBe(on(9, 8));
    expect(times(on(8, 9))).not.toHaveProperty('nextWeek');
  });

  it('writes times as fields have them', () => {
    expect(localDateTime(on(4, 7, 5))).toBe('2026-03-04T07:05');
  });
});
