import type { MailService } from '../../crypto/mail-service';
import type { AttachmentView, BodyView, MessageView } from '../../crypto/views';
import { bodyLines, endOfOwn } from './body';
import { messageHtml, type MessageHtml } from './html/message-html';
import { inlinePictures, NO_PICTURES } from './html/inline-pictures';
import { mailCleaner, type Clean } from './html/trusted';

/** A part of the body, ready to be shown. */
export type Part = { kind: 'text'; text: string } | { kind: 'html'; html: MessageHtml };

/** How one open message is shown: formatted or plain, with or without what it quotes and what it refers to elsewhere. */
export class MessageContent {
  readonly message: MessageView;
  readonly #service: MailService;
  isFormatted = $state(false);
  /** Whether what it refers to elsewhere is fetched. */
  remote = $state(false);
  /** Whether the quoted text at its end is shown. */
  quote = $state(false);
  /** What cleans HTML, once it is there. */
  #clean = $state.raw<Clean | undefined>();
  #pictures = $state.raw(NO_PICTURES);
  readonly parts: Part[] = $derived.by(() => this.#parts());
  readonly #html: MessageHtml[] = $derived(
    this.parts.flatMap((part) => (part.kind === 'html' ? [part.html] : [])),
  );
  /** Hosts that it would fetch something from. */
  readonly remoteHosts: string[] = $derived(unique(this.#html.flatMap((html) => html.remoteHosts)));
  readonly mismatches = $derived(this.#html.flatMap((html) => html.mismatches));
  readonly hasQuote: boolean = $derived(
    this.parts.some((part) => (part.kind === 'html' ? part.html.hasQuote : hasQuotedEnd(part.text))),
  );

  constructor(service: MailService, message: MessageView) {
    this.#service = service;
    this.message = message;
    this.isFormatted = message.formatted.length > 0 && !message.preferPlain;
    this.remote = message.remoteContent === 'show' || message.remoteContent === 'show-all';
  }

  get hasFormatted(): boolean {
    return this.message.formatted.length > 0;
  }

  /** Attachments to list: without the pictures that the text shows. */
  get attachments(): AttachmentView[] {
    const isShown = ({ contentId }: AttachmentView) =>
      this.isFormatted && contentId !== undefined && this.#pictures.has(contentId);
    return this.message.attachments.filter((attachment) => !isShown(attachment));
  }

  /** Makes ready to show it as it was formatted, and fetches its pictures. Falls back to plain text where that cannot be. */
  async prepare(): Promise<void> {
    if (!this.isFormatted) return;
    try {
      this.#clean = await mailCleaner();
    } catch {
      this.isFormatted = false;
      return;
    }
    const wanted = unique(this.#html.flatMap((html) => html.contentIds));
    const fetch = (index: number) => this.#service.attachment(this.message.id, index, () => undefined);
    const pictures = await inlinePictures(this.message.attachments, wanted, fetch);
    if (pictures.size > 0) this.#pictures = pictures;
  }

  #parts(): Part[] {
    if (!this.isFormatted) return [{ kind: 'text', text: this.message.text }];
    const clean = this.#clean;
    return clean ? this.message.formatted.map((body) => this.#part(body, clean)) : [];
  }

  #part(body: BodyView, clean: Clean): Part {
    if (body.kind === 'text') return { kind: 'text', text: body.text };
    const wanted = { pictures: this.#pictures, remote: this.remote, quote: this.quote };
    return { kind: 'html', html: messageHtml(body.html, wanted, clean) };
  }
}

function hasQuotedEnd(text: string): boolean {
  const lines = bodyLines(text);
  return endOfOwn(lines) < lines.length;
}

function unique(words: string[]): string[] {
  return words.filter((word, at) => words.indexOf(word) === at);
}
