/** An authenticator that Chromium itself plays, for one tab (Chrome DevTools Protocol, domain WebAuthn). */
import type { CDPSession } from '@playwright/test';
import type { App } from './pages/app.ts';
import { ChromiumTab } from './ui/chromium.ts';

export class SecurityKey {
  private constructor(
    private readonly session: CDPSession,
    private readonly authenticatorId: string,
  ) {}

  /** Plugs one into the tab. */
  static async plugInto({ ui }: App): Promise<SecurityKey> {
    if (!(ui instanceof ChromiumTab)) throw new Error('this is for Chromium');
    const session = await ui.page.context().newCDPSession(ui.page);
    await session.send('WebAuthn.enable', { enableUI: false });
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new SecurityKey(session, authenticatorId);
  }

  /** How many passkeys it has, and for which domains. */
  async domains(): Promise<(string | undefined)[]> {
    const { authenticatorId } = this;
    const { credentials } = await this.session.send('WebAuthn.getCredentials', { authenticatorId });
    return credentials.map(({ rpId }) => rpId);
  }

  /** Whether its owner touches it when it is asked for. */
  async isTouched(enabled: boolean): Promise<void> {
    const { authenticatorId } = this;
    await this.session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
  }

  /** Whether it recognises its owner's finger. */
  async recognises(isUserVerified: boolean): Promise<void> {
    const { authenticatorId } = this;
    await this.session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  }
}
