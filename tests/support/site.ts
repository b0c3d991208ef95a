import { Proxy } from './proxy.ts';
import { Server } from './server.ts';

/** A server of its own with the proxy before it, which is where browsers go. */
export class Site {
  /** Set before the first tab opens: nothing stands between browser and server then, and nothing is recorded. */
  measured = false;

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
    return this.measured ? this.server.origin : this.proxy.origin;
  }

  async close(): Promise<void> {
    await this.proxy.close();
    await this.server.discard();
  }
}
