/** Keys that are pressed together, or one after the other. */
export interface Combination {
  keys: readonly string[];
  inTurn?: boolean;
}

/** What can be done by keys, and by which. */
export interface Shortcut {
  does: Deed;
  by: readonly Combination[];
}

type Deed =
  | 'search'
  | 'help'
  | 'up'
  | 'down'
  | 'open'
  | 'first'
  | 'last'
  | 'select'
  | 'range'
  | 'all'
  | 'none'
  | 'archive'
  | 'trash'
  | 'spam'
  | 'star'
  | 'read'
  | 'unread'
  | 'move'
  | 'label'
  | 'snooze'
  | 'undo'
  | 'compose'
  | 'reply'
  | 'replyAll'
  | 'forward'
  | 'send'
  | 'close';

const one = (...keys: string[]): Combination => ({ keys });
const inTurn = (...keys: string[]): Combination => ({ keys, inTurn: true });

/** All shortcuts, in groups. */
export const SHORTCUTS: readonly {
  group: 'anywhere' | 'list' | 'message' | 'write';
  shortcuts: Shortcut[];
}[] = [
  {
    group: 'anywhere',
    shortcuts: [
      { does: 'search', by: [one('/')] },
      { does: 'help', by: [one('?')] },
      { does: 'undo', by: [one('Z')] },
      { does: 'compose', by: [one('C')] },
    ],
  },
  {
    group: 'list',
    shortcuts: [
      { does: 'up', by: [one('↑'), one('K')] },
      { does: 'down', by: [one('↓'), one('J')] },
      { does: 'first', by: [one('Home')] },
      { does: 'last', by: [one('End')] },
      { does: 'open', by: [one('Enter')] },
      { does: 'select', by: [one('X')] },
      { does: 'range', by: [one('Shift', '↑'), one('Shift', '↓')] },
      { does: 'all', by: [inTurn('*', 'A'), one('Ctrl', 'A')] },
      { does: 'none', by: [inTurn('*', 'N')] },
    ],
  },
  {
    group: 'message',
    shortcuts: [
      { does: 'reply', by: [one('R')] },
      { does: 'replyAll', by: [one('A')] },
      { does: 'forward', by: [one('F')] },
      { does: 'archive', by: [one('E')] },
      { does: 'trash', by: [one('#')] },
      { does: 'spam', by: [one('!')] },
      { does: 'star', by: [one('S')] },
      { does: 'read', by: [one('U')] },
      { does: 'unread', by: [one('Shift', 'U')] },
      { does: 'move', by: [one('V')] },
      { does: 'label', by: [one('L')] },
      { does: 'snooze', by: [one('B')] },
    ],
  },
  {
    group: 'write',
    shortcuts: [
      { does: 'send', by: [one('Ctrl', 'Enter')] },
      { does: 'close', by: [one('Esc')] },
    ],
  },
];
