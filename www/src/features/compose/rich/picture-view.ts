import type { Node } from 'prosemirror-model';
import type { NodeView } from 'prosemirror-view';

/** Where a picture can be shown from; undefined while it is not there, or when it is none. */
export type PictureAddress = (contentId: string) => Promise<string | undefined>;

/** A picture in the text. */
export class PictureView implements NodeView {
  readonly dom: HTMLImageElement;

  constructor(node: Node, addressOf: PictureAddress) {
    this.dom = document.createElement('img');
    this.dom.alt = String(node.attrs['alt']);
    void addressOf(String(node.attrs['contentId'])).then((address) => {
      if (address !== undefined) this.dom.src = address;
    });
  }
}
