import { expect } from '@playwright/test';
import { field, the } from '../ui/target.ts';
import type { SavedFile, Ui } from '../ui/ui.ts';
import { chooseInto, type GivenFile } from '../files.ts';
import type { SettingsPage } from './settings.ts';

/** What hundreds of messages may take where a machine is slow and builds are not optimised. */
const IMPORT_MS = 120_000;

/** Mail in and out in files: from the settings, and the panel that stays while one does something else. */
export class Transfer {
  readonly panel = the('complementary', 'Import and export');
  readonly importing = the('dialog', 'Import mail');
  readonly exporting = the('dialog', 'Export mail');
  readonly importDone = the('heading', 'Import finished', this.panel);
  readonly exportDone = the('heading', 'Export finished', this.panel);

  constructor(
    private readonly ui: Ui,
    private readonly settings: SettingsPage,
  ) {}

  /** Begins to take files in, into Archive. */
  async begin(...files: GivenFile[]): Promise<void> {
    await this.settings.open('Account');
    await this.ui.click(the('button', 'Import mail…'));
    await this.ui.see(this.importing);
    await chooseInto(this.ui, 'Files to import', ...files);
    await this.ui.click(the('button', 'Import', this.importing));
    await this.ui.seeNo(this.importing);
  }

  /** Waits until all has come in. */
  async imported(): Promise<void> {
    const isDone = () => document.body.innerText.includes('Import finished');
    await expect.poll(() => this.ui.evaluate(isDone), { timeout: IMPORT_MS }).toBe(true);
  }

  /** Gives all mail out in this form, and reads the file. */
  async export(form: RegExp): Promise<SavedFile> {
    await this.ui.click(the('button', 'Export mail…'));
    await this.ui.click(field(form, this.exporting));
    return this.ui.savedBy(() => this.ui.click(the('button', 'Export', this.exporting)));
  }

  async close(): Promise<void> {
    await this.ui.click(the('button', 'Close', this.panel));
    await this.ui.seeNo(this.panel);
  }
}
