/**
 * A reverse proxy that stands between browser and server, as a hostile network or a hostile server would: it records
 * what passes, alters answers when a test says so, and can cut the line. It adds one thing to every page's policy, a
 * place to report violations to, so that those in workers are seen too.
 */
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';

const REPORT_PATH = '/csp-report-of-the-tests';

/** A request as it passes. */
export interface Asked {
  method: string;
  /** With its query. */
  path: string;
  headers: string[];
  body: Buffer;
}

/** An answer as it passes. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** One request with its answer. */
export interface Exchange {
  asked: Asked;
  answer: Answer;
}

/** What to do with answers to some requests. */
export interface Interference {
  method?: string;
  path: RegExp;
  /** Gets the real answer and gives the one to pass on; may wait. */
  alter: (answer: Answer, asked: Asked) => Answer | Promise<Answer>;
}

export class Proxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private interferences: Interference[] = [];
  private recording: Exchange[] | undefined;
  private isCut = false;
  private violations: string[] = [];
  origin = '';
  /** How many answers were altered so far. */
  altered = 0;

  private constructor(private readonly upstream: URL) {
    this.server = createServer((asked, answer) => {
      this.pass(asked, answer).catch(() => answer.destroy());
    });
    this.server.on('connection', (socket) => {
      if (this.isCut) return void socket.destroy();
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  static async before(upstream: string): Promise<Proxy> {
    const proxy = new Proxy(new URL(upstream));
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    proxy.origin = `http://127.0.0.1:${(proxy.server.address() as AddressInfo).port}`;
    return proxy;
  }

  /** Alters answers from now on, until `reset`. */
  interfere(interference: Interference): void {
    this.interferences.push(interference);
  }

  /** Breaks every connection and takes no new one, until `mend`. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  /** Keeps every exchange from now on; what was kept comes with `recorded`. */
  record(): void {
    this.recording = [];
  }

  recorded(): Exchange[] {
    return this.recording ?? [];
  }

  /** Violations of content security policy or Trusted Types reported since the last call. */
  takeViolations(): string[] {
    return this.violations.splice(0);
  }

  /** Passes everything unaltered again. */
  reset(): void {
    this.interferences = [];
    this.mend();
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await bytesOf(asked);
    if (asked.url === REPORT_PATH) {
      this.violations.push(body.toString());
      return void answer.writeHead(204).end();
    }
    const whole: Asked = {
      method: asked.method ?? '',
      path: asked.url ?? '',
      headers: asked.rawHeaders,
      body,
    };
    const interference = this.interferences.findLast(
      ({ method, path }) => (method ?? whole.method) === whole.method && path.test(whole.path),
    );
    const real = await this.ask(whole, asked, interference === undefined);
    // Who asked may have gone already: what is not read would keep the server from stopping.
    if (answer.closed) return void real.destroy();
    answer.once('close', () => real.destroy());
    if (interference) await this.passAltered(whole, real, answer, interference);
    else this.passStreaming(whole, real, answer);
  }

  private async ask(
    asked: Asked,
    { headers }: IncomingMessage,
    mayCompress: boolean,
  ): Promise<IncomingMessage> {
    const upstream = httpRequest({
      host: this.upstream.hostname,
      port: this.upstream.port,
      method: asked.method,
      path: asked.path,
      headers: mayCompress ? headers : wholeAndPlain(headers),
      agent: false,
    });
    upstream.end(asked.body);
    const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
    return answer;
  }

  private async passAltered(
    asked: Asked,
    real: IncomingMessage,
    answer: ServerResponse,
    { alter }: Interference,
  ): Promise<void> {
    const altered = await alter(
      { status: real.statusCode ?? 0, headers: fields(real), body: await bytesOf(real) },
      asked,
    );
    this.altered += 1;
    delete altered.headers['transfer-encoding'];
    const headers = { ...altered.headers, 'content-length': String(altered.body.length) };
    answer.writeHead(altered.status, headers).end(altered.body);
  }

  private passStreaming(asked: Asked, real: IncomingMessage, answer: ServerResponse): void {
    const headers = fields(real);
    answer.writeHead(real.statusCode ?? 502, withReports(headers));
    if (this.recording) {
      const kept: Exchange = {
        asked,
        answer: { status: real.statusCode ?? 0, headers, body: Buffer.alloc(0) },
      };
      this.recording.push(kept);
      real.on('data', (chunk: Buffer) => (kept.answer.body = Buffer.concat([kept.answer.body, chunk])));
    }
    real.on('error', () => answer.destroy());
    answer.flushHeaders();
    real.pipe(answer);
  }
}

function fields(message: IncomingMessage): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(message.headers).filter(
      (field): field is [string, string | string[]] => field[1] !== undefined,
    ),
  );
}

function withReports(headers: Record<string, string | string[]>): Record<string, string | string[]> {
  const policy = headers['content-security-policy'];
  if (typeof policy !== 'string') return headers;
  return { ...headers, 'content-security-policy': `${policy}; report-uri ${REPORT_PATH}` };
}

/** What is altered is first asked for whole and uncompressed, whatever the browser has of it. */
function wholeAndPlain(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { 'if-none-match': _known, ...others } = headers;
  return { ...others, 'accept-encoding': 'identity' };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
