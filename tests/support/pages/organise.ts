import { field, the, type ByRole } from '../ui/target.ts';
import type { Ui } from '../ui/ui.ts';
import type { MailPage } from './mail.ts';

/** Folders and labels of one's own, and what is done with what is selected. */
export class Organise {
  readonly labels = the('navigation', 'Labels');
  readonly bar = the('toolbar', 'Selected messages');
  readonly selectAll = the('checkbox', 'Select all');
  readonly undoButton = the('button', 'Undo');

  constructor(
    private readonly ui: Ui,
    private readonly mail: MailPage,
  ) {}

  folder(name: string): ByRole {
    return the('link', name, this.mail.folders);
  }

  label(name: string): ByRole {
    return the('link', name, this.labels);
  }

  /** The box that selects a message. */
  box(subject: string): ByRole {
    return the('checkbox', `Select ${subject}`);
  }

  async select(...subjects: string[]): Promise<void> {
    for (const subject of subjects) await this.ui.click(this.box(subject));
    await this.seeSelected(subjects.length);
  }

  async seeSelected(count: number): Promise<void> {
    if (count === 0) await this.ui.seeNo(this.bar);
    else await this.ui.seeText(this.bar, `${count} selected`);
  }

  async makeFolder(name: string, parent?: string): Promise<void> {
    if (parent === undefined) await this.ui.click(the('button', 'New folder'));
    else await this.folderMenu(parent, 'New folder inside');
    await this.name(the('dialog', /^New folder/), name, 'Make folder');
  }

  async folderMenu(folder: string, item: string): Promise<void> {
    await this.ui.click(the('button', `Actions for ${folder}`));
    await this.ui.click(the('menuitem', item));
  }

  async makeLabel(name: string, colour: string): Promise<void> {
    await this.ui.click(the('button', 'New label'));
    const dialog = the('dialog', 'New label');
    await this.ui.click(the('radio', colour, dialog));
    await this.name(dialog, name, 'Make label');
  }

  /** Fills in a name where one is asked for, and waits until it is taken. */
  async name(dialog: ByRole, name: string, button: string): Promise<void> {
    await this.ui.fill(field('Name', dialog), name);
    await this.ui.click(the('button', button, dialog));
    await this.ui.seeNo(dialog);
  }

  /** Chooses in a dialog of folders or labels, by typing the beginning. */
  async choose(name: string): Promise<void> {
    await this.ui.see(the('combobox'));
    await this.ui.type(name);
    await this.ui.press('Enter');
  }
}
