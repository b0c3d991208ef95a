import { SvelteMap } from 'svelte/reactivity';
import { mailError } from '../../crypto/errors';
import type { MailService } from '../../crypto/mail-service';
import type { AttachmentView, Step } from '../../crypto/views';
import { t } from '../../i18n';
import { errorText } from '../../i18n/error-text';
import { saveFile } from '../../ui/save-file';
import { pictureType } from './html/pictures';

/** A picture that is looked at. */
export interface OpenPicture {
  attachment: AttachmentView;
  /** Its address in this page; ends with `close`. */
  url: string;
}

/** What is attached to one message: saved, or looked at. */
export class AttachmentFiles {
  readonly #service: MailService;
  readonly #itemId: string;
  readonly #failed: (sentence: string) => void;
  /** Places of the attachments that are being fetched. */
  busy = $state<number[]>([]);
  /** What is being done for each of those, by its place. */
  readonly steps = new SvelteMap<number, Step>();
  picture = $state.raw<OpenPicture | undefined>();

  constructor(service: MailService, itemId: string, failed: (sentence: string) => void) {
    this.#service = service;
    this.#itemId = itemId;
    this.#failed = failed;
  }

  /** Saves one; answers whether it came. */
  async save(attachment: AttachmentView): Promise<boolean> {
    const octets = await this.#fetch(attachment);
    if (octets) saveFile(octets, attachment.name);
    return octets !== undefined;
  }

  /** Saves all, one after the other, up to the first that does not come. */
  async saveAll(attachments: AttachmentView[]): Promise<void> {
    for (const attachment of attachments) if (!(await this.save(attachment))) return;
  }

  /** Shows a picture. What is none, whatever it says, is not shown. */
  async view(attachment: AttachmentView): Promise<void> {
    const octets = await this.#fetch(attachment);
    if (!octets) return;
    const type = pictureType(octets);
    if (type === undefined) {
      this.#failed(t('reader:notAPicture', { name: attachment.name }));
      return;
    }
    this.close();
    this.picture = { attachment, url: URL.createObjectURL(new Blob([octets], { type })) };
  }

  close(): void {
    if (this.picture) URL.revokeObjectURL(this.picture.url);
    this.picture = undefined;
  }

  async #fetch({ index }: AttachmentView): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.busy.includes(index)) return undefined;
    this.busy = [...this.busy, index];
    try {
      return await this.#service.attachment(this.#itemId, index, (step) => this.steps.set(index, step));
    } catch (thrown) {
      this.#failed(errorText(mailError(thrown)));
      return undefined;
    } finally {
      this.busy = this.busy.filter((other) => other !== index);
      this.steps.delete(index);
    }
  }
}
