/** What drags say of themselves: nothing of the messages leaves the page with them. */
const TYPE = 'application/x-smail-messages';

/** The messages that are being dragged. */
class Dragging {
  ids = $state.raw<string[]>([]);

  /** Begins with these; what is drawn at the pointer is a word on how many. */
  begin(event: DragEvent, ids: string[]): void {
    if (!event.dataTransfer) return;
    this.ids = ids;
    event.dataTransfer.clearData();
    event.dataTransfer.setData(TYPE, '');
    event.dataTransfer.effectAllowed = 'move';
    const image = document.createElement('div');
    image.className = 'drag-image';
    image.textContent = ids.length === 1 ? '1 message' : `${ids.length} messages`;
    document.body.append(image);
    event.dataTransfer.setDragImage(image, 12, 12);
    setTimeout(() => image.remove());
  }

  end(): void {
    this.ids = [];
  }
}

export const dragging = new Dragging();

/** Makes an element take messages that are dropped on it. */
export function takesMessages(drop: (ids: string[]) => void): (node: HTMLElement) => () => void {
  return (node) => {
    const over = (event: DragEvent) => {
      if (dragging.ids.length === 0) return;
      event.preventDefault();
      node.dataset['over'] = '';
    };
    const leave = () => delete node.dataset['over'];
    const dropped = (event: DragEvent) => {
      leave();
      const { ids } = dragging;
      if (ids.length === 0) return;
      event.preventDefault();
      dragging.end();
      drop(ids);
    };
    node.addEventListener('dragover', over);
    node.addEventListener('dragleave', leave);
    node.addEventListener('drop', dropped);
    return () => {
      node.removeEventListener('dragover', over);
      node.removeEventListener('dragleave', leave);
      node.removeEventListener('drop', dropped);
    };
  };
}
