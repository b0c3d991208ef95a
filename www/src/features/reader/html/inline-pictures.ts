import type { AttachmentView } from '../../../crypto/views';
import { pictureAddress, saysPicture } from './pictures';

/** Pictures that came with a message, as `data:` addresses, by Content-ID. */
export type Pictures = ReadonlyMap<string, string>;

export const NO_PICTURES: Pictures = new Map();

/** Most pictures of one message that are fetched for its text, and most octets of one. */
const MAX_PICTURES = 100;
const MAX_PICTURE_BYTES = 16 * 1024 * 1024;

/** Fetches the pictures that a text shows. One that does not come stays in the list of attachments, where it can be tried again. */
export async function inlinePictures(
  attachments: AttachmentView[],
  contentIds: string[],
  fetch: (index: number) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Pictures> {
  const pictures = new Map<string, string>();
  for (const { contentId, mediaType, sizeBytes, index } of attachments) {
    const isWanted = contentId !== undefined && contentIds.includes(contentId) && !pictures.has(contentId);
    if (!isWanted || !saysPicture(mediaType) || sizeBytes > MAX_PICTURE_BYTES) continue;
    const address = await fetch(index)
      .then(pictureAddress)
      .catch(() => undefined);
    if (address !== undefined) pictures.set(contentId, address);
    if (pictures.size === MAX_PICTURES) break;
  }
  return pictures;
}
