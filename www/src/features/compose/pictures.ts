import type { MailService } from '../../crypto/mail-service';
import { pictureType } from '../reader/html/pictures';
import type { AttachmentList } from './attachments.svelte';

/** Addresses at which the page can show the pictures of the message that is being written. */
export class PictureAddresses {
  readonly #service: MailService;
  readonly #attachments: AttachmentList;
  readonly #addresses = new Map<string, Promise<string | undefined>>();

  constructor(service: MailService, attachments: AttachmentList) {
    this.#service = service;
    this.#attachments = attachments;
  }

  /** Undefined for what cannot be had, or is no picture. */
  readonly of = (contentId: string): Promise<string | undefined> => {
    const known = this.#addresses.get(contentId) ?? this.#make(contentId).catch(() => undefined);
    this.#addresses.set(contentId, known);
    return known;
  };

  /** Lets go of all. */
  clear(): void {
    for (const address of this.#addresses.values()) {
      void address.then((made) => made !== undefined && URL.revokeObjectURL(made));
    }
    this.#addresses.clear();
  }

  async #make(contentId: string): Promise<string | undefined> {
    const attached = this.#attachments.list.find((file) => file.contentId === contentId);
    if (!attached) return undefined;
    if (attached.file) return addressOf(new Uint8Array(await attached.file.arrayBuffer()));
    if (attached.stand.kind !== 'there') return undefined;
    return addressOf(await this.#service.attachedOctets(attached.stand.attachment));
  }
}

/** By its first octets, not by its name. */
function addressOf(octets: Uint8Array<ArrayBuffer>): string | undefined {
  const type = pictureType(octets);
  return type === undefined ? undefined : URL.createObjectURL(new Blob([octets], { type }));
}
