import { field, the, words } from '../ui/target.ts';
import type { Ui } from '../ui/ui.ts';

export interface Message {
  to: string | string[];
  cc?: string;
  bcc?: string;
  subject: string;
  text: string;
}

/** The dialog in which a message is written. */
export class ComposeDialog {
  readonly dialog = the('dialog', 'New message');
  readonly to = field('To', this.dialog);
  readonly cc = field('Cc', this.dialog);
  readonly bcc = field('Bcc', this.dialog);
  readonly subject = field('Subject', this.dialog);
  readonly text = field('Message', this.dialog);
  readonly sendButton = the('button', 'Send', this.dialog);
  readonly closeButton = the('button', 'Save and close', this.dialog);
  readonly discardButton = the('button', 'Discard draft', this.dialog);
  readonly copiesButton = the('button', 'Cc and Bcc', this.dialog);
  readonly error = the('alert', undefined, this.dialog);

  constructor(private readonly ui: Ui) {}

  async open(): Promise<void> {
    await this.ui.click(the('button', 'Compose'));
    await this.ui.see(this.dialog);
  }

  async addTo(address: string): Promise<void> {
    await this.add(this.to, address);
  }

  async write(message: Message): Promise<void> {
    for (const address of [message.to].flat()) await this.addTo(address);
    if (message.cc ?? message.bcc) await this.ui.click(this.copiesButton);
    if (message.cc) await this.add(this.cc, message.cc);
    if (message.bcc) await this.add(this.bcc, message.bcc);
    await this.ui.fill(this.subject, message.subject);
    await this.ui.fill(this.text, message.text);
  }

  async send(message: Message): Promise<void> {
    await this.open();
    await this.write(message);
    await this.sendAsIs();
  }

  /** Sends what is written, and waits until it is sent. */
  async sendAsIs(): Promise<void> {
    await this.ui.click(this.sendButton);
    await this.ui.seeText(the('status'), 'Message sent');
    await this.ui.seeNo(this.dialog);
  }

  /** Waits until what was written is still there. */
  async holds(message: Message): Promise<void> {
    for (const address of [message.to].flat()) await this.ui.see(words(address, this.dialog));
    await this.ui.seeValue(this.subject, message.subject);
    await this.ui.seeValue(this.text, message.text);
  }

  private async add(into: typeof this.to, address: string): Promise<void> {
    await this.ui.fill(into, address);
    await this.ui.press('Enter');
    // It is among the recipients, where it may be called by a name that the contacts have for it.
    await this.ui.seeValue(into, '');
  }
}
