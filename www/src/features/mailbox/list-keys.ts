/** What a key asks for. */
export type KeyCommand =
  | 'select'
  | 'select-all'
  | 'select-none'
  | 'extend'
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
  | WriteCommand;

/** What begins to write something. */
export type WriteCommand = 'compose' | 'reply' | 'reply-all' | 'forward';

const PLAIN: Record<string, KeyCommand> = {
  x: 'select',
  e: 'archive',
  '#': 'trash',
  '!': 'spam',
  s: 'star',
  u: 'read',
  U: 'unread',
  v: 'move',
  l: 'label',
  b: 'snooze',
  z: 'undo',
  c: 'compose',
  r: 'reply',
  a: 'reply-all',
  f: 'forward',
};

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Reads keys one after another: some mean something after `*` only. */
export class KeyReader {
  #afterStar = false;

  read({ key, ctrlKey, metaKey, altKey, shiftKey }: Key): KeyCommand | undefined {
    const afterStar = this.#afterStar;
    // Between `*` and the letter, Shift may be let go of and pressed.
    if (key !== 'Shift') this.#afterStar = key === '*' && !ctrlKey && !metaKey;
    if (altKey) return undefined;
    if (ctrlKey || metaKey) return key === 'a' && !shiftKey ? 'select-all' : undefined;
    if (afterStar && key === 'a') return 'select-all';
    if (afterStar && key === 'n') return 'select-none';
    if (shiftKey && (key === 'ArrowDown' || key === 'ArrowUp')) return 'extend';
    return Object.hasOwn(PLAIN, key) ? PLAIN[key] : undefined;
  }
}

/** Whether keys are meant for what has the focus: a text is being written, or something lies in front. */
export function isElsewhere(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open], [role="menu"]')) return true;
  if (!(target instanceof HTMLElement)) return false;
  // Where something is being written and nothing has the focus, what is typed is meant for the text.
  if (target === document.body && isWriting()) return true;
  if (target.closest('[role="dialog"]')) return true;
  const isBox = target instanceof HTMLInputElement && target.type === 'checkbox';
  return !isBox && (target.isContentEditable || target.matches('input, textarea, select'));
}

function isWriting(): boolean {
  return [...document.querySelectorAll('[role="dialog"]')].some((window) => window.checkVisibility());
}

/** Whether this is a letter or sign alone: some people's voices and hands press such keys without meaning to. */
export function isSingleKey({ key, ctrlKey, metaKey, altKey }: Key): boolean {
  return key.length === 1 && !ctrlKey && !metaKey && !altKey;
}

/** Whether this key moves on in this list from wherever the focus is on the page: J and K do, unless something is written. */
export function leadsIntoList(
  { key, ctrlKey, metaKey, altKey, target }: KeyboardEvent,
  list: Element,
): boolean {
  if (!['j', 'k'].includes(key) || ctrlKey || metaKey || altKey || isElsewhere(target)) return false;
  return list.checkVisibility() && !(target instanceof Node && list.contains(target));
}

/** The message whose row has the focus, or did when the key was pressed. */
export function rowIdAt(target: EventTarget | null): string | undefined {
  const row = target instanceof Element ? target.closest('li') : null;
  return row?.querySelector<HTMLElement>('[data-row]')?.dataset['row'] || undefined;
}
