/** The hour at which a day's messages come back. */
const MORNING_H = 8;
const EVENING_H = 18;
/** Later today means no sooner than in so many hours. */
const LATER_H = 3;

export interface SnoozeChoice {
  when: 'later' | 'tomorrow' | 'nextWeek';
  untilMs: number;
}

function at(day: Date, days: number, hour: number): number {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, hour).getTime();
}

/** When a message may come back, by the clock and the calendar of this device. */
export function snoozeChoices(nowMs: number): SnoozeChoice[] {
  const now = new Date(nowMs);
  // Whole hours, in the evening if that is far enough.
  const soonest = at(now, 0, now.getHours() + LATER_H + (now.getMinutes() > 0 ? 1 : 0));
  const laterToday = Math.max(at(now, 0, EVENING_H), soonest);
  const daysToMonday = (8 - now.getDay()) % 7 || 7;
  const choices: SnoozeChoice[] = [
    { when: 'later', untilMs: laterToday },
    { when: 'tomorrow', untilMs: at(now, 1, MORNING_H) },
    { when: 'nextWeek', untilMs: at(now, daysToMonday, MORNING_H) },
  ];
  // Late in the evening, there is no later today; on a Sunday, next week begins tomorrow.
  return choices.filter(
    ({ when, untilMs }) =>
      (when !== 'later' || untilMs < at(now, 1, 0)) && (when !== 'nextWeek' || daysToMonday > 1),
  );
}

/** A time as `datetime-local` fields have it: of this device, to the minute. */
export function localDateTime(ms: number): string {
  const date = new Date(ms);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
