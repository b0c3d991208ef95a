/** What comes into the text from outside: pasted or dropped. The editor's own way of reading it is not taken, since it would turn
 * a string into HTML: HTML goes through the one file that may do that. */
import type { Slice } from 'prosemirror-model';
import { Plugin, Selection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { saysPicture } from '../../reader/html/pictures';
import { mailCleaner } from '../../reader/html/trusted';
import { sliceOf, sliceOfText } from './from-html';

/** Puts pictures into the text; those that cannot stand there are attached. */
export type TakePictures = (files: File[], at: number) => void;

export function incoming(takePictures: TakePictures): Plugin {
  // It is asked for now, so that what is pasted later does not wait for it.
  void mailCleaner().catch(() => undefined);
  const take = (view: EditorView, event: Event, data: DataTransfer | null, at: () => number) => {
    if (!view.editable || !data) return true;
    const pictures = picturesIn(data);
    const text = data.getData('text/plain');
    // With text beside it, a picture of the text is not what is meant.
    if (pictures.length > 0 && text === '') {
      event.preventDefault();
      takePictures(pictures, at());
    } else if (data.files.length === 0 || text !== '') {
      event.preventDefault();
      void insert(view, data.getData('text/html'), text, at());
    }
    return true;
  };
  return new Plugin({
    props: {
      handleDOMEvents: {
        paste: (view, event) => take(view, event, event.clipboardData, () => view.state.selection.from),
        drop: (view, event) => {
          // What is moved within the text is a matter of the editor's.
          if (view.dragging) return false;
          const place = () => view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos;
          return take(view, event, event.dataTransfer, () => moveTo(view, place()));
        },
      },
    },
  });
}

function picturesIn(data: DataTransfer): File[] {
  const files = Array.from(data.files);
  return files.length > 0 && files.every((file) => saysPicture(file.type)) ? files : [];
}

async function insert(view: EditorView, html: string, text: string, at: number): Promise<void> {
  const slice = await sliceFrom(view, html, text);
  if (view.isDestroyed || !slice) return;
  const change = view.state.tr;
  const end = Math.max(at, view.state.selection.to);
  change.replaceRange(Math.min(at, change.doc.content.size), Math.min(end, change.doc.content.size), slice);
  view.dispatch(change.scrollIntoView().setMeta('uiEvent', 'paste'));
}

async function sliceFrom(view: EditorView, html: string, text: string): Promise<Slice | undefined> {
  const isCode = view.state.selection.$from.parent.type.spec.code === true;
  if (html !== '' && !isCode) {
    const clean = await mailCleaner().catch(() => undefined);
    if (clean) return sliceOf(clean(html));
  }
  return text === '' ? undefined : sliceOfText(text);
}

/** Puts the caret there, so that what is dropped replaces nothing. */
function moveTo(view: EditorView, place: number | undefined): number {
  const at = place ?? view.state.selection.from;
  const near = Selection.near(view.state.doc.resolve(at));
  view.dispatch(view.state.tr.setSelection(near));
  return near.from;
}
