import { Proxy } from './proxy.ts';
import { Server } from './server.ts';

/** A server of its own with the proxy before it, which is where browsers go. */
export class Site {
  /** Set before the first tab opens: nothing stands between browser and server then, and nothing is recorded. */
  measured = false;
  /** Set before the first tab opens: browsers go to `localhost`, since they bind no passkey to a number. */
  named = false;

  private constructor(
    readonly server: Server,
    readonly proxy: Proxy,
  ) {}

  static async start(...flags: string[]): Promise<Site> {
    const server = await Server.start(...flags);
    return new Site(server, await Proxy.before(server.origin));
  }

  /** Where browsers go: the proxy, or the server itself for a measurement. */
  get origin(): string {
    const { origin } = this.measured ? this.server : this.proxy;
    return this.named ? origin.replace('127.0.0.1', 'localhost') : origin;
  }

  async close(): Promise<void> {
    await this.proxy.close();
    await this.server.discard();
  }
}
