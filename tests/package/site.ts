/** A plain web server for what was installed, with a policy, and what a page on it comes to. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { Faults } from '../support/faults.ts';
import type { Browser } from '../support/ui/ui.ts';
import { installed } from './installed.ts';

const MEDIA_TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** As strict as a page can be that runs WebAssembly and starts a worker. */
export const STRICT =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";
/** Besides, no text becomes a script. */
export const TRUSTED = "require-trusted-types-for 'script'; trusted-types 'none'";

/** What a page says at its end; see consumer/watched.js. */
export interface Outcome {
  came: unknown;
  violations: string[];
}

export class Site {
  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  /** Serves the folder; every file has the policy that the function gives for its path. */
  static async start(policyOf: (path: string) => string): Promise<Site> {
    const server = createServer((request, response) => {
      const path = normalize(new URL(request.url ?? '', 'http://127.0.0.1').pathname);
      readFile(join(installed.folder(), path)).then(
        (body) => {
          response.writeHead(200, {
            'content-type': MEDIA_TYPES[extname(path)] ?? 'application/octet-stream',
            'content-security-policy': policyOf(path),
          });
          response.end(body);
        },
        () => response.writeHead(404).end(),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Site(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** What a page comes to under a policy, `policy` for the page and `workerPolicy` for its scripts, thus for workers. */
export async function outcomeOf(
  browser: Browser,
  path: string,
  policy: string,
  workerPolicy = policy,
): Promise<Outcome> {
  const site = await Site.start((asked) => (asked.endsWith('.js') ? workerPolicy : policy));
  try {
    return await outcomeAt(browser, site.origin, path);
  } finally {
    await site.close();
  }
}

/** What a page comes to, with errors on the console and exceptions among the violations. */
export async function outcomeAt(browser: Browser, origin: string, path: string): Promise<Outcome> {
  const faults = new Faults();
  faults.expect(/marker\.invalid/, /favicon\.ico/);
  const tab = await browser.tab(origin, faults.add);
  try {
    await tab.open(path);
    const { came, violations } = await tab.evaluate(async () => {
      const page = globalThis as unknown as { outcome?: Promise<{ came: unknown; violations: string[] }> };
      return (await page.outcome) ?? { came: 'the script did not run', violations: [] };
    });
    return { came, violations: [...violations, ...faults.unexpected()] };
  } finally {
    await tab.close();
  }
}
