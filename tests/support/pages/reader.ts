import { the } from '../ui/target.ts';
import type { Ui } from '../ui/ui.ts';

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

  /** Waits until the message is refused, beside its subject, and makes sure that nothing of a text is shown. */
  async refuses(why: RegExp): Promise<void> {
    await this.ui.seeText(this.status, /Not shown/);
    await this.ui.seeText(this.status, why);
    await this.ui.seeNo(this.body);
    await this.ui.seeNo(this.replyButton);
  }
}
