/** The hour at which a day's messages come back. */
const MORNING_H = 8;
const EVENING_H = 18;
/** Later today means no sooner than in so many hours. */
const LATER_H = 3;

export interface SnoozeChoice {
  label: string;
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
  const choices = [
    { label: 'Later today', untilMs: laterToday },
    { label: 'Tomorrow', untilMs: at(now, 1, MORNING_H) },
    { label: 'Next week', untilMs: at(now, daysToMonday, MORNING_H) },
  ];
  // Late in the evening, there is no later today.
  return choices.filter(({ label, untilMs }) => label !== 'Later today' || untilMs < at(now, 1, 0));
}

/** Day and time, short, for beside a choice. */
export function snoozeTime(untilMs: number): string {
  const format = new Intl.DateTimeFormat(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  });
  return format.format(untilMs);
}

/** A time as `datetime-local` fields have it: of this device, to the minute. */
export function localDateTime(ms: number): string {
  const date = new Date(ms);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
