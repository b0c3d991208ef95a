/** What the buttons and keys of the editor do. */
import { chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands';
import { redo, undo } from 'prosemirror-history';
import type { Mark, MarkType, NodeType } from 'prosemirror-model';
import { liftListItem, sinkListItem, splitListItem, wrapInList } from 'prosemirror-schema-list';
import type { Command, EditorState } from 'prosemirror-state';
import { schema } from './schema';

export type Format =
  | 'strong'
  | 'em'
  | 'underline'
  | 'strike'
  | 'code'
  | 'link'
  | 'bullet_list'
  | 'ordered_list'
  | 'blockquote'
  | 'code_block';

export type BlockStyle = 'paragraph' | 'heading-1' | 'heading-2' | 'code_block';

/** How what is selected is formatted. */
export interface Formatting {
  active: ReadonlySet<Format>;
  style: BlockStyle;
  canUndo: boolean;
  canRedo: boolean;
  /** Where the link leads that the caret is in. */
  href: string | undefined;
}

const { marks, nodes } = schema;
const MARKS = {
  strong: marks.strong,
  em: marks.em,
  underline: marks.underline,
  strike: marks.strike,
  code: marks.code,
};
const AROUND = ['bullet_list', 'ordered_list', 'blockquote'] as const;

const toggleList =
  (list: NodeType): Command =>
  (state, dispatch, view) =>
    isInside(state, list.name)
      ? liftListItem(nodes.list_item)(state, dispatch, view)
      : wrapInList(list)(state, dispatch, view);

const toggleQuote: Command = (state, dispatch, view) =>
  isInside(state, 'blockquote')
    ? lift(state, dispatch, view)
    : wrapIn(nodes.blockquote)(state, dispatch, view);

const breakLine: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
};

export const COMMANDS = {
  strong: toggleMark(marks.strong),
  em: toggleMark(marks.em),
  underline: toggleMark(marks.underline),
  strike: toggleMark(marks.strike),
  code: toggleMark(marks.code),
  bullet_list: toggleList(nodes.bullet_list),
  ordered_list: toggleList(nodes.ordered_list),
  blockquote: toggleQuote,
  clear: clearFormatting,
  undo,
  redo,
} satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;

export const STYLES: Record<BlockStyle, Command> = {
  paragraph: setBlockType(nodes.paragraph),
  'heading-1': setBlockType(nodes.heading, { level: 1 }),
  'heading-2': setBlockType(nodes.heading, { level: 2 }),
  code_block: setBlockType(nodes.code_block),
};

/** Keys, with those that people know from elsewhere. */
export const KEYS: Record<string, Command> = {
  'Mod-b': COMMANDS.strong,
  'Mod-i': COMMANDS.em,
  'Mod-u': COMMANDS.underline,
  'Mod-Shift-x': COMMANDS.strike,
  'Mod-Shift-7': COMMANDS.ordered_list,
  'Mod-Shift-8': COMMANDS.bullet_list,
  'Mod-Shift-9': COMMANDS.blockquote,
  'Mod-\\': clearFormatting,
  'Mod-]': sinkListItem(nodes.list_item),
  'Mod-[': liftListItem(nodes.list_item),
  'Mod-z': undo,
  'Mod-y': redo,
  'Mod-Shift-z': redo,
  Enter: splitListItem(nodes.list_item),
  'Shift-Enter': chainCommands(exitCode, breakLine),
};

/** Makes the selection a link, the link that the caret is in another one, or writes one. */
export function setLink(href: string): Command {
  return (state, dispatch) => {
    const { from, to, empty } = state.selection;
    const mark = marks.link.create({ href });
    const around = empty ? rangeOf(state, marks.link) : { from, to };
    if (around) dispatch?.(state.tr.addMark(around.from, around.to, mark));
    else dispatch?.(state.tr.replaceSelectionWith(schema.text(href, [mark]), false));
    return true;
  };
}

export const removeLink: Command = (state, dispatch) => {
  const { from, to, empty } = state.selection;
  const around = empty ? rangeOf(state, marks.link) : { from, to };
  if (!around) return false;
  dispatch?.(state.tr.removeMark(around.from, around.to, marks.link));
  return true;
};

/** Makes what is selected lines of plain text; pictures stay. */
function clearFormatting(state: EditorState, dispatch?: Parameters<Command>[1]): boolean {
  const { from, to } = state.selection;
  const change = state.tr;
  change.setBlockType(from, to, nodes.paragraph);
  change.removeMark(from, to);
  for (const mark of Object.values(marks)) change.removeStoredMark(mark);
  dispatch?.(change);
  return true;
}

export function formattingOf(state: EditorState): Formatting {
  const active = new Set<Format>();
  for (const [name, mark] of Object.entries(MARKS)) if (hasMark(state, mark)) active.add(name as Format);
  for (const name of AROUND) if (isInside(state, name)) active.add(name);
  const link = markAt(state, marks.link);
  if (link) active.add('link');
  const { parent } = state.selection.$from;
  const level = Number(parent.attrs['level']);
  const style =
    parent.type === nodes.heading
      ? level === 1
        ? 'heading-1'
        : 'heading-2'
      : parent.type === nodes.code_block
        ? 'code_block'
        : 'paragraph';
  const href = link === undefined ? undefined : String(link.attrs['href']);
  return { active, style, canUndo: undo(state), canRedo: redo(state), href };
}

function isInside(state: EditorState, name: string): boolean {
  const { $from } = state.selection;
  // The innermost list decides.
  const isList = name.endsWith('_list');
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const at = $from.node(depth).type.name;
    if (at === name) return true;
    if (isList && at.endsWith('_list')) return false;
  }
  return false;
}

function hasMark(state: EditorState, mark: MarkType): boolean {
  const { from, $from, to, empty } = state.selection;
  if (empty) return mark.isInSet(state.storedMarks ?? $from.marks()) !== undefined;
  return state.doc.rangeHasMark(from, to, mark);
}

function markAt(state: EditorState, type: MarkType): Mark | undefined {
  const { $from, empty } = state.selection;
  const node = empty ? $from.nodeAfter : state.doc.nodeAt(state.selection.from);
  return type.isInSet($from.marks()) ?? (node ? type.isInSet(node.marks) : undefined);
}

/** From where to where the mark goes that the caret is in. */
function rangeOf(state: EditorState, type: MarkType): { from: number; to: number } | undefined {
  const mark = markAt(state, type);
  const { $from } = state.selection;
  if (!mark) return undefined;
  let range: { from: number; to: number } | undefined;
  $from.parent.forEach((child, offset) => {
    const from = $from.start() + offset;
    const to = from + child.nodeSize;
    if (!mark.isInSet(child.marks)) return;
    if (range?.to === from && range.to < $from.pos) range = { from: range.from, to };
    else if (range?.to === from) range = { ...range, to };
    else if (from <= $from.pos && to >= $from.pos) range = { from, to };
    else if (to < $from.pos) range = { from, to };
  });
  return range;
}
