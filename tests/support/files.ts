/** Files that a person chooses in Chromium. */
import { ChromiumTab } from './ui/chromium.ts';
import type { Ui } from './ui/ui.ts';

export interface GivenFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Chooses files for the message that is being written. */
export async function choose(ui: Ui, ...files: GivenFile[]): Promise<void> {
  await chooseFor(ui, 'Files to attach', ...files);
}

/** Chooses files in the field with this label. */
export async function chooseFor(ui: Ui, label: string, ...files: GivenFile[]): Promise<void> {
  if (!(ui instanceof ChromiumTab)) throw new Error('files are chosen in Chromium alone');
  await ui.page.getByLabel(label).setInputFiles(files);
}
