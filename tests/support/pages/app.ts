import type { Ui } from '../ui/ui.ts';
import { ComposeDialog } from './compose.ts';
import { ContactsPage } from './contacts.ts';
import { LogInPage } from './log-in.ts';
import { MailPage } from './mail.ts';
import { Organise } from './organise.ts';
import { Reader } from './reader.ts';
import { RecoverPage } from './recover.ts';
import { SearchPage } from './search.ts';
import { SettingsPage } from './settings.ts';
import { SignUpPage } from './sign-up.ts';
import { Transfer } from './transfer.ts';

/** The web app in one tab, screen by screen. */
export class App {
  readonly logIn: LogInPage;
  readonly signUp: SignUpPage;
  readonly recover: RecoverPage;
  readonly mail: MailPage;
  readonly organise: Organise;
  readonly reader: Reader;
  readonly compose: ComposeDialog;
  readonly contacts: ContactsPage;
  readonly search: SearchPage;
  readonly settings: SettingsPage;
  readonly transfer: Transfer;

  constructor(readonly ui: Ui) {
    this.logIn = new LogInPage(ui);
    this.signUp = new SignUpPage(ui);
    this.recover = new RecoverPage(ui);
    this.mail = new MailPage(ui);
    this.organise = new Organise(ui, this.mail);
    this.reader = new Reader(ui);
    this.compose = new ComposeDialog(ui);
    this.contacts = new ContactsPage(ui);
    this.search = new SearchPage(ui);
    this.settings = new SettingsPage(ui);
    this.transfer = new Transfer(ui, this.settings);
  }

  /** The web app in one more tab of the same browser. */
  async sibling(): Promise<App> {
    return new App(await this.ui.sibling());
  }
}
