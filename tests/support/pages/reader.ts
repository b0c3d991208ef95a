import { the } from '../ui/target.ts';
import type { Ui } from '../ui/ui.ts';
import { until } from '../ui/until.ts';

/** One formatted part of a message, as it is shown. */
export interface FormattedPart {
  text: string;
  markup: string;
  /** The sandboxes of the frame and of the one inside it. */
  sandbox: string[];
  height: number;
}

/** The region that shows the one message that is open. */
export class Reader {
  readonly region = the('region', 'Message');
  readonly body = the('region', 'Message body');
  readonly status = the('status', undefined, this.region);
  readonly replyButton = the('button', 'Reply', this.region);
  readonly replyAllButton = the('button', 'Reply all', this.region);
  readonly forwardButton = the('button', 'Forward', this.region);
  readonly archiveButton = the('button', 'Archive', this.region);
  readonly trashButton = the('button', 'Move to Trash', this.region);
  readonly toInboxButton = the('button', 'Move to Inbox', this.region);
  readonly deleteButton = the('button', 'Delete for good', this.region);
  readonly unreadButton = the('button', 'Mark unread', this.region);

  readonly attachments = the('region', 'Attachments');
  readonly remote = the('group', 'Content from elsewhere');
  readonly showPicturesButton = the('button', 'Show pictures', this.remote);
  readonly plainButton = the('button', 'Show as plain text', this.body);
  readonly formattedButton = the('button', 'Show formatted', this.body);
  readonly showQuoteButton = the('button', 'Show quoted text', this.body);
  readonly hideQuoteButton = the('button', 'Hide quoted text', this.body);
  readonly moreButton = the('button', 'More actions', this.region);
  readonly details = the('dialog', 'Message details');
  readonly source = the('dialog', 'Message source');
  readonly retryButton = the('button', 'Try again', this.region);

  constructor(private readonly ui: Ui) {}

  /** Waits until the message is open: decrypted, its signature checked. */
  async shows(subject: string, text: string): Promise<void> {
    await this.ui.seeText(this.body, text);
    await this.ui.seeText(this.status, /Encrypted/);
    await this.ui.seeText(this.status, /Verified/);
    // Last: the text must leave it its room.
    await this.ui.see(the('heading', subject, this.region));
  }

  /** Does what stands behind "More actions". */
  async more(item: 'Details' | 'Show source' | 'Download message (.eml)' | 'Print'): Promise<void> {
    await this.ui.click(this.moreButton);
    await this.ui.click(the('menuitem', item));
  }

  /** Waits until a formatted message is laid out that holds this text. */
  async showsFormatted(text: string): Promise<void> {
    await until(
      async () => (await this.formatted()).some((part) => part.text.includes(text) && part.height > 40),
      () => `no formatted part with “${text}” is laid out`,
    );
  }

  /** The formatted parts on show: the text that was laid out, the markup in the sealed frame, and the frame's height. */
  formatted(): Promise<FormattedPart[]> {
    return this.ui.evaluate(() => {
      const frames = [...document.querySelectorAll<HTMLIFrameElement>('iframe[title="Formatted message"]')];
      return frames.map((frame) => {
        const sealed = frame.contentDocument?.querySelector('iframe');
        const measure = frame.parentElement?.querySelector<HTMLIFrameElement>('iframe[aria-hidden]');
        return {
          text: measure?.contentDocument?.querySelector('body')?.innerText ?? '',
          markup: sealed?.srcdoc ?? '',
          sandbox: [frame.getAttribute('sandbox') ?? '', sealed?.getAttribute('sandbox') ?? ''],
          height: frame.getBoundingClientRect().height,
        };
      });
    });
  }

  /** Waits until the message is refused, beside its subject, and makes sure that nothing of a text is shown. */
  async refuses(why: RegExp): Promise<void> {
    await this.ui.seeText(this.status, /Not shown/);
    await this.ui.seeText(this.status, why);
    await this.ui.seeNo(this.body);
    await this.ui.seeNo(this.replyButton);
  }
}
