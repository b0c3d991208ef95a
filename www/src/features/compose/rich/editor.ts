/** The editor of formatted text. Everything below is fetched when something is written for the first time. */
import { baseKeymap } from 'prosemirror-commands';
import { history } from 'prosemirror-history';
import { keymap } from 'prosemirror-keymap';
import type { Node } from 'prosemirror-model';
import { EditorState, TextSelection, type Command } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import type { Body } from '../body';
import { COMMANDS, formattingOf, KEYS, type CommandName, type Formatting } from './commands';
import { incoming, type TakePictures } from './incoming';
import { PictureView, type PictureAddress } from './picture-view';
import { schema } from './schema';
import { bodyOf } from './to-body';

export interface EditorOptions {
  doc: Node;
  label: string;
  isEditable: () => boolean;
  pictureAddress: PictureAddress;
  takePictures: TakePictures;
  /** The person has changed something. */
  onchange: (body: Body) => void;
  /** What is selected, or how it is formatted, is another. */
  onformatting: (formatting: Formatting) => void;
  /** Ctrl and K: a link is wanted. */
  onlink: () => void;
}

/** Sends, and closes; the window hears of it. */
const LEFT_TO_THE_WINDOW = new Set(['Mod-Enter', 'Escape']);

export class RichEditor {
  readonly #view: EditorView;

  constructor(place: HTMLElement, options: EditorOptions) {
    const askForLink: Command = () => {
      options.onlink();
      return true;
    };
    const keys = Object.entries(baseKeymap).filter(([key]) => !LEFT_TO_THE_WINDOW.has(key));
    const plugins = [
      history(),
      incoming(options.takePictures),
      keymap({ ...KEYS, 'Mod-k': askForLink }),
      keymap(Object.fromEntries(keys)),
    ];
    const state = EditorState.create({ doc: options.doc, plugins });
    this.#view = new EditorView(place, {
      state: state.apply(state.tr.setSelection(TextSelection.atStart(state.doc))),
      attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': options.label },
      editable: options.isEditable,
      nodeViews: { picture: (node) => new PictureView(node, options.pictureAddress) },
      dispatchTransaction: (change) => {
        this.#view.updateState(this.#view.state.apply(change));
        if (change.docChanged) options.onchange(this.body);
        options.onformatting(formattingOf(this.#view.state));
      },
    });
    options.onformatting(formattingOf(this.#view.state));
  }

  get body(): Body {
    return bodyOf(this.#view.state.doc);
  }

  get doc(): Node {
    return this.#view.state.doc;
  }

  focus(): void {
    this.#view.focus();
  }

  run(command: CommandName | Command): void {
    const act: Command = typeof command === 'string' ? COMMANDS[command] : command;
    act(this.#view.state, (change) => this.#view.dispatch(change), this.#view);
    this.#view.focus();
  }

  /** Puts a picture into the text. */
  insertPicture(contentId: string, alt: string, at = this.#view.state.selection.from): void {
    const picture = schema.nodes.picture.create({ contentId, alt });
    const change = this.#view.state.tr;
    this.#view.dispatch(change.insert(Math.min(at, change.doc.content.size), picture).scrollIntoView());
  }

  /** Puts this signature in place of the one that there is, at the end when there is none; or takes it away. */
  sign(signature: Node | undefined): void {
    const { doc, tr } = this.#view.state;
    let place: { from: number; to: number } | undefined;
    doc.forEach((block, offset) => {
      if (block.type.name === 'signature') place = { from: offset, to: offset + block.nodeSize };
    });
    const { from, to } = place ?? { from: doc.content.size, to: doc.content.size };
    const blocks = signature ? [signature] : [];
    if (from === 0 && to === doc.content.size && !signature) blocks.push(schema.node('paragraph'));
    this.#view.dispatch(tr.replaceWith(from, to, blocks));
    this.#view.focus();
  }

  /** Whether it may be written in has changed. */
  refresh(): void {
    this.#view.setProps({});
  }

  destroy(): void {
    this.#view.destroy();
  }
}
