import { the, words, type ByRole } from '../ui/target.ts';
import type { Ui } from '../ui/ui.ts';

/** The search field of the top bar, and `/mail/search`. */
export class SearchPage {
  readonly field = the('combobox', 'Search mail');
  readonly suggestions = the('listbox', 'Filters');
  readonly list = the('list', 'Search results');
  readonly anyRow = the('listitem', undefined, this.list);
  readonly filters = the('list', 'Filters in use');
  readonly saveButton = the('button', 'Save this search');
  readonly nothing = words(/Nothing found/);

  constructor(private readonly ui: Ui) {}

  /** Types a search and carries it out. */
  async for(query: string): Promise<void> {
    await this.ui.fill(this.field, query);
    await this.ui.click(this.field);
    await this.ui.press('Enter');
    await this.ui.at(/^\/mail\/search/);
  }

  /** Searches, and waits until these are all that is found. */
  async finds(query: string, ...subjects: string[]): Promise<void> {
    await this.for(query);
    for (const subject of subjects) await this.ui.see(this.row(subject));
    await this.ui.seeCount(this.anyRow, subjects.length);
    if (subjects.length === 0) await this.ui.see(this.nothing);
  }

  row(subject: string): ByRole {
    return the('listitem', new RegExp(subject), this.list);
  }

  link(subject: string): ByRole {
    return the('link', new RegExp(subject), this.list);
  }
}
