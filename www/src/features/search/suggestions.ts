import type { Folder, FolderRole } from '../../crypto/views';
import { t } from '../../i18n';

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

const operators = (): Suggestion[] => [
  { insert: 'from:', hint: t('search:hint.from') },
  { insert: 'to:', hint: t('search:hint.to') },
  { insert: 'subject:', hint: t('search:hint.subject') },
  { insert: 'has:attachment', hint: t('search:hint.files') },
  { insert: 'filename:', hint: t('search:hint.filename') },
  { insert: 'in:', hint: t('search:hint.in') },
  { insert: 'is:', hint: t('search:hint.is') },
  { insert: 'before:', hint: t('search:hint.date') },
  { insert: 'after:', hint: t('search:hint.date') },
  { insert: 'label:', hint: t('search:hint.label') },
];

const values = (): Record<string, Suggestion[]> => ({
  is: [
    { insert: 'is:unread', hint: t('search:hint.unread') },
    { insert: 'is:read', hint: t('search:hint.read') },
    { insert: 'is:starred', hint: t('search:hint.starred') },
  ],
  has: [{ insert: 'has:attachment', hint: t('search:hint.files') }],
  before: [
    { insert: 'before:today', hint: t('search:hint.beforeToday') },
    { insert: 'before:yesterday', hint: t('search:hint.beforeYesterday') },
  ],
  after: [
    { insert: 'after:today', hint: t('search:hint.afterToday') },
    { insert: 'after:yesterday', hint: t('search:hint.afterYesterday') },
  ],
});

/** The words by which `in:` knows the folders that every account has. They are part of the query language. */
const ROLE_WORD: Record<Exclude<FolderRole, 'custom'>, string> = {
  inbox: 'Inbox',
  snoozed: 'Snoozed',
  sent: 'Sent',
  drafts: 'Drafts',
  scheduled: 'Scheduled',
  archive: 'Archive',
  spam: 'Spam',
  trash: 'Trash',
};

/** What `in:` and `label:` may name. */
export interface Names {
  folders: { word: string; name: string }[];
  labels: string[];
}

/** A folder as `in:` names it, and what it is called on the page. */
export function folderWord(folder: Folder): { word: string; name: string } {
  if (folder.role === 'custom') return { word: folder.name ?? '', name: t('search:hint.folderValue') };
  return { word: ROLE_WORD[folder.role], name: t(`mailbox:role.${folder.role}`) };
}

/** A name as it stands behind an operator: in quotes when it is more than one word. */
function named(operator: string, name: string): string {
  return /\s/.test(name) ? `${operator}:"${name}"` : `${operator}:${name}`;
}

/** What the word at the caret may be about to become; nothing when that is no operator. */
export function complete(text: string, caret: number, names: Names): Completion {
  const before = text.slice(0, caret);
  const start = before.search(/[^\s]*$/);
  const typed = before.slice(start).replace(/^-/, '').toLowerCase();
  const from = caret - typed.length;
  const [operator = ''] = typed.split(':');
  const fits = ({ insert }: Suggestion) =>
    insert.toLowerCase().startsWith(typed) && insert.toLowerCase() !== typed;
  const offered: Suggestion[] = typed.includes(':')
    ? ({
        ...values(),
        in: names.folders.map(({ word, name }) => ({ insert: named('in', word), hint: name })),
        label: names.labels.map((name) => ({
          insert: named('label', name),
          hint: t('search:hint.labelValue'),
        })),
      }[operator] ?? [])
    : typed
      ? operators()
      : [];
  return { start: from, end: caret, suggestions: offered.filter(fits) };
}
