/** The people of one test: each has a name, a password and tabs of their own. */
import { App } from './pages/app.ts';
import type { Faults } from './faults.ts';
import type { Site } from './site.ts';
import type { Browser } from './ui/ui.ts';

export interface Credentials {
  username: string;
  password: string;
}

/** A person with an account and a tab in which it is open. */
export interface Member extends Credentials {
  app: App;
}

/** A tab, and whose the faults behind it are now. */
interface Tab {
  app: App;
  faults: { add(fault: string): void };
}

/** Whether it shows mail and nothing in front of it: what is being written would ask before the tab goes elsewhere. */
async function isAtRest({ app }: Tab): Promise<boolean> {
  const hasDialog = () =>
    app.ui.evaluate(() => document.querySelector('dialog[open], [role="dialog"]') !== null);
  return app.ui.path().startsWith('/mail') && !(await hasDialog());
}

/** Faults of a tab that no test looks at. */
const NOBODYS = { add: () => undefined };

/** Accounts that tests of one worker share, because making one takes longest of all, and logging in next longest. */
export class SharedAccounts {
  private readonly made = new Map<string, Credentials>();
  private readonly counts = new Map<string, number>();
  private readonly idle = new Map<string, Tab>();

  get(name: string): Credentials | undefined {
    return this.made.get(name);
  }

  keep(name: string, credentials: Credentials): void {
    this.made.set(name, credentials);
  }

  /** Keeps a tab that is logged in for the next test. Meanwhile it shows nothing and asks the server for nothing. */
  async park(name: string, tab: Tab): Promise<void> {
    if (this.idle.has(name) || !(await isAtRest(tab))) return tab.app.ui.close();
    tab.faults = NOBODYS;
    await tab.app.ui.open('about:blank');
    this.idle.set(name, tab);
  }

  /** The tab that was kept for this person, if one was; it is the caller's then. */
  unpark(name: string): Tab | undefined {
    const tab = this.idle.get(name);
    this.idle.delete(name);
    return tab;
  }

  /** A user name nobody has and a password good enough. */
  unused(name: string): Credentials {
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    return {
      username: count === 1 ? name : `${name}-${count}`,
      password: `${name} walks 14 grey herons home`,
    };
  }
}

export class World {
  private readonly tabs: Tab[] = [];
  /** Whose tabs are worth keeping. */
  private readonly members = new Map<Tab, string>();

  constructor(
    readonly site: Site,
    private readonly browser: Browser,
    readonly faults: Faults,
    private readonly accounts: SharedAccounts,
  ) {}

  /** Somebody who has opened nothing yet. */
  async visitor(): Promise<App> {
    return (await this.newTab()).app;
  }

  private async newTab(): Promise<Tab> {
    const fault = (text: string) => tab.faults.add(text);
    const ui = await this.browser.tab(this.site.origin, fault);
    const tab: Tab = { app: new App(ui), faults: this.faults };
    this.tabs.push(tab);
    return tab;
  }

  /** A user name nobody has and a password good enough. */
  unused(name: string): Credentials {
    return this.accounts.unused(name);
  }

  /** Somebody who has just signed up: for tests that change the account or count its messages. */
  async newcomer(name: string): Promise<Member> {
    return this.signUp(name, await this.visitor());
  }

  private async signUp(name: string, app: App): Promise<Member> {
    const credentials = this.unused(name);
    await app.signUp.open();
    await app.signUp.submit(credentials);
    await app.signUp.passRecoveryKit();
    return { ...credentials, app };
  }

  /** Somebody known to all tests of this worker, logged in. For tests that leave account and password as they are. */
  async member(name: string): Promise<Member> {
    const known = this.accounts.get(name);
    const parked = this.accounts.unpark(name);
    const tab = parked ?? (await this.newTab());
    const { app } = tab;
    this.members.set(tab, name);
    if (!known) {
      const { username, password } = await this.signUp(name, app);
      this.accounts.keep(name, { username, password });
      return { username, password, app };
    }
    if (!parked) return this.logInWith(known, app);
    tab.faults = this.faults;
    this.tabs.push(tab);
    await app.ui.open('/mail');
    await app.mail.isOpen();
    return { ...known, app };
  }

  /** One more device of somebody's. */
  async logIn(credentials: Credentials): Promise<Member> {
    return this.logInWith(credentials, await this.visitor());
  }

  private async logInWith(credentials: Credentials, app: App): Promise<Member> {
    await app.logIn.open();
    await app.logIn.submit(credentials);
    await app.mail.isOpen();
    return { ...credentials, app };
  }

  /** What has gone wrong behind the pages so far and was not expected. */
  noticed(): string[] {
    for (const violation of this.site.proxy.takeViolations()) this.faults.add(`policy: ${violation}`);
    return this.faults.unexpected();
  }

  /** Closes all tabs. Those of members are kept instead for the next test, when this one left them as they should be. */
  async close(wentWell = false): Promise<void> {
    this.site.proxy.reset();
    this.noticed();
    const keepsTabs = wentWell && this.faults.unexpected().length === 0;
    await Promise.all(
      this.tabs.map((tab) => {
        const name = this.members.get(tab);
        return keepsTabs && name ? this.accounts.park(name, tab) : tab.app.ui.close();
      }),
    );
    this.noticed();
  }
}
