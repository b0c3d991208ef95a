import { Proxy } from './proxy.ts';
import { Server } from './server.ts';

/** A server of its own with the proxy before it, which is where browsers go. */
export class Site {
  private constructor(
    readonly server: Server,
    readonly proxy: Proxy,
  ) {}

  static async start(...flags: string[]): Promise<Site> {
    const server = await Server.start(...flags);
    return new Site(server, await Proxy.before(server.origin));
  }

  get origin(): string {
    return this.proxy.origin;
  }

  async close(): Promise<void> {
    await this.proxy.close();
    await this.server.discard();
  }
}
