/** Files that a person chooses. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChromiumTab } from './ui/chromium.ts';
import { FirefoxTab } from './ui/firefox.ts';
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

/** Chooses files for the input with this label. */
export async function chooseInto(ui: Ui, label: string, ...files: GivenFile[]): Promise<void> {
  if (ui instanceof ChromiumTab) {
    await ui.page.locator(`input[type=file][aria-label="${label}"]`).setInputFiles(files);
  } else if (ui instanceof FirefoxTab) {
    const folder = await mkdtemp(join(tmpdir(), 'smail-chosen-'));
    const paths = files.map(({ name }) => join(folder, name));
    await Promise.all(files.map(({ buffer }, at) => writeFile(paths[at] ?? folder, buffer)));
    await ui.chooseFiles(label, paths);
  }
}
