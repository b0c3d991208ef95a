/** What a measurement tells: rows of a table, some with goals. */

export interface Row {
  name: string;
  value: number;
  unit: string;
  goal: string | null;
  met: boolean | null;
}

export function row(
  name: string,
  value: number,
  unit: string,
  goal: string | null = null,
  met: boolean | null = null,
): Row {
  return { name, value: Math.round(value * 100) / 100, unit, goal, met };
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
