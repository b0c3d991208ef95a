import { the, type ByRole } from '../ui/target.ts';
import type { Ui } from '../ui/ui.ts';

export type FolderName = 'Inbox' | 'Snoozed' | 'Sent' | 'Drafts' | 'Scheduled' | 'Archive' | 'Spam' | 'Trash';

/** `/mail`: folders, the list of messages, and the way out. */
export class MailPage {
  readonly folders = the('navigation', 'Folders');
  readonly list = the('list', 'Messages');
  readonly composeButton = the('button', 'Compose');
  readonly logOutButton = the('button', 'Log out');

  readonly anyRow = the('listitem', undefined, this.list);
  readonly newestLink: ByRole = { ...the('link', undefined, this.list), first: true };

  constructor(private readonly ui: Ui) {}

  async isOpen(): Promise<void> {
    await this.ui.at(/^\/mail/);
    await this.ui.see(this.folders);
  }

  async openFolder(name: FolderName): Promise<void> {
    await this.ui.click(this.folder(name));
    await this.ui.see(the('heading', name));
  }

  folder(name: FolderName): ByRole {
    return the('link', name, this.folders);
  }

  /** The row of the message with this subject; its name holds the sender too. */
  row(subject: string): ByRole {
    return the('listitem', new RegExp(subject), this.list);
  }

  link(subject: string): ByRole {
    return the('link', new RegExp(subject), this.list);
  }

  async openMessage(subject: string): Promise<void> {
    await this.ui.click(this.link(subject));
  }

  async logOut(): Promise<void> {
    await this.ui.click(this.logOutButton);
    await this.ui.at('/');
  }
}
