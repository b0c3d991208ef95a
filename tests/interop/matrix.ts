/** Prints the matrix: what S-Mail and each program can exchange, and why not where they cannot. */
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { OPERATIONS } from './operations.ts';

/** Annotations of this type hold a cell, as JSON. */
export const CELL = 'cell';

export type Way = 'to them' | 'to us';

/** What is known of an exchange that does not simply work. */
export interface Note {
  because: string;
  /** With some help it does work. */
  isHelped: boolean;
}

export interface Cell {
  program: string;
  keys: string;
  way: Way;
  operation: string;
  /** One for each payload that was tried. */
  notes: (Note | null)[];
}

type Row = Map<string, Note | 'ok' | 'FAILED'>;

const TITLES: Record<Way, string> = { 'to them': 'From S-Mail to', 'to us': 'To S-Mail from' };
const GAP = '  ';
const LEFT_OUT = '-';
const LEGEND = `ok, no and why, [ok] with the help named; ${LEFT_OUT} slow, and left to another row of the program`;

export default class Matrix implements Reporter {
  private readonly tables: Record<Way, Map<string, Row>> = { 'to them': new Map(), 'to us': new Map() };

  printsToStdio(): boolean {
    return true;
  }

  onTestEnd(_: TestCase, { annotations, status }: TestResult): void {
    const told = annotations.find(({ type }) => type === CELL)?.description;
    if (told === undefined) return;
    const { program, keys, way, operation, notes } = JSON.parse(told) as Cell;
    const name = `${program}, ${keys}`;
    const row: Row = this.tables[way].get(name) ?? new Map();
    this.tables[way].set(name, row);
    const note = notes.find((known) => known !== null);
    row.set(operation, status === 'passed' ? (note ?? 'ok') : 'FAILED');
  }

  /** After the summary of the tests, so that it is the end of the run. */
  onExit(): Promise<void> {
    const reasons: string[] = [];
    for (const way of ['to them', 'to us'] as const) print(TITLES[way], this.tables[way], reasons);
    console.log(`\n${LEGEND}`);
    reasons.forEach((reason, index) => console.log(`(${index + 1}) ${reason}`));
    return Promise.resolve();
  }
}

function print(title: string, rows: Map<string, Row>, reasons: string[]): void {
  const columns = OPERATIONS.map(({ name }) => name);
  const lines = [...rows.keys()].sort().map((name) => {
    return [name, ...columns.map((column) => mark(rows.get(name)?.get(column), reasons))];
  });
  const table = [[title, ...columns], ...lines];
  const widths = [title, ...columns].map((_, at) => Math.max(...table.map((line) => line[at]?.length ?? 0)));
  const padded = table.map((line) => line.map((text, at) => text.padEnd(widths[at] ?? 0)).join(GAP));
  console.log(`\n${padded.map((line) => line.trimEnd()).join('\n')}`);
}

/** What stands in a cell; a number leads to the reason. */
function mark(cell: Note | 'ok' | 'FAILED' | undefined, reasons: string[]): string {
  if (cell === undefined) return LEFT_OUT;
  if (typeof cell === 'string') return cell;
  if (!reasons.includes(cell.because)) reasons.push(cell.because);
  return `${cell.isHelped ? '[ok]' : 'no'} (${reasons.indexOf(cell.because) + 1})`;
}
