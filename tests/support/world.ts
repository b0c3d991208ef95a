/** The people of one test: each has a name, a password and tabs of their own. */
import { App } from './pages/app.ts';
import type { Faults } from './faults.ts';
import type { Site } from './site.ts';
import type { Browser, Ui } from './ui/ui.ts';

export interface Credentials {
  username: string;
  password: string;
}

/** A person with an account and a tab in which it is open. */
export interface Member extends Credentials {
  app: App;
}

/** Accounts that tests of one worker share, because making one takes longest of all. */
export class SharedAccounts {
  private readonly made = new Map<string, Credentials>();
  private readonly counts = new Map<string, number>();

  get(name: string): Credentials | undefined {
    return this.made.get(name);
  }

  keep(name: string, credentials: Credentials): void {
    this.made.set(name, credentials);
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
  private readonly tabs: Ui[] = [];

  constructor(
    readonly site: Site,
    private readonly browser: Browser,
    readonly faults: Faults,
    private readonly accounts: SharedAccounts,
  ) {}

  /** Somebody who has opened nothing yet. */
  async visitor(): Promise<App> {
    const ui = await this.browser.tab(this.site.origin, this.faults.add);
    this.tabs.push(ui);
    return new App(ui);
  }

  /** A user name nobody has and a password good enough. */
  unused(name: string): Credentials {
    return this.accounts.unused(name);
  }

  /** Somebody who has just signed up: for tests that change the account or count its messages. */
  async newcomer(name: string): Promise<Member> {
    const app = await this.visitor();
    const credentials = this.unused(name);
    await app.signUp.open();
    await app.signUp.submit(credentials);
    await app.signUp.passRecoveryKit();
    return { ...credentials, app };
  }

  /** Somebody known to all tests of this worker, logged in. For tests that leave account and password as they are. */
  async member(name: string): Promise<Member> {
    const known = this.accounts.get(name);
    if (known) return this.logIn(known);
    const member = await this.newcomer(name);
    this.accounts.keep(name, { username: member.username, password: member.password });
    return member;
  }

  /** One more device of somebody's. */
  async logIn(credentials: Credentials): Promise<Member> {
    const app = await this.visitor();
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

  async close(): Promise<void> {
    this.site.proxy.reset();
    await Promise.all(this.tabs.map((tab) => tab.close()));
    this.noticed();
  }
}
