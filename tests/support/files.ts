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
  if (!(ui instanceof ChromiumTab)) throw new Error('files are chosen in Chromium alone');
  await ui.page.getByLabel('Files to attach').setInputFiles(files);
}
