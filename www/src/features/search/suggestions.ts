/** What can be completed as somebody types: operators, and the values that some of them take. */
export interface Suggestion {
  /** What is put in place of what was typed. */
  insert: string;
  hint: string;
}

/** Part of the text that a suggestion replaces. */
export interface Completion {
  start: number;
  end: number;
  suggestions: Suggestion[];
}

const OPERATORS: Suggestion[] = [
  { insert: 'from:', hint: 'who wrote it' },
  { insert: 'to:', hint: 'who it is to' },
  { insert: 'subject:', hint: 'a word of the subject' },
  { insert: 'has:attachment', hint: 'with files' },
  { insert: 'filename:', hint: 'a word of a file’s name' },
  { insert: 'in:', hint: 'a folder' },
  { insert: 'is:', hint: 'unread, read or starred' },
  { insert: 'before:', hint: 'a date, as 2026-03-31' },
  { insert: 'after:', hint: 'a date, as 2026-03-31' },
  { insert: 'label:', hint: 'a label' },
];

const VALUES: Record<string, Suggestion[]> = {
  is: [
    { insert: 'is:unread', hint: 'not read yet' },
    { insert: 'is:read', hint: 'read' },
    { insert: 'is:starred', hint: 'with a star' },
  ],
  has: [{ insert: 'has:attachment', hint: 'with files' }],
  before: [
    { insert: 'before:today', hint: 'older than today' },
    { insert: 'before:yesterday', hint: 'older than yesterday' },
  ],
  after: [
    { insert: 'after:today', hint: 'from today' },
    { insert: 'after:yesterday', hint: 'from yesterday on' },
  ],
};

/** A name as it stands behind an operator: in quotes when it is more than one word. */
function named(operator: string, name: string): string {
  return /\s/.test(name) ? `${operator}:"${name}"` : `${operator}:${name}`;
}

/** What the word at the caret may be about to become; nothing when that is no operator. */
export function complete(
  text: string,
  caret: number,
  names: { folders: string[]; labels: string[] },
): Completion {
  const before = text.slice(0, caret);
  const start = before.search(/[^\s]*$/);
  const typed = before.slice(start).replace(/^-/, '').toLowerCase();
  const from = caret - typed.length;
  const [operator = ''] = typed.split(':');
  const fits = ({ insert }: Suggestion) =>
    insert.toLowerCase().startsWith(typed) && insert.toLowerCase() !== typed;
  const values: Suggestion[] = typed.includes(':')
    ? ({
        ...VALUES,
        in: names.folders.map((name) => ({ insert: named('in', name), hint: 'folder' })),
        label: names.labels.map((name) => ({ insert: named('label', name), hint: 'label' })),
      }[operator] ?? [])
    : typed
      ? OPERATORS
      : [];
  return { start: from, end: caret, suggestions: values.filter(fits) };
}
