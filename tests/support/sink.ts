/** A place on this machine that nobody should ask for anything: it counts whoever does, with or without TLS. */
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export class Sink {
  private readonly server: Server;
  /** The first line of each request that came, or `tls` for what was none. */
  readonly asked: string[] = [];
  /** `127.0.0.1:port`. */
  host = '';

  private constructor() {
    this.server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        const isText = data[0] !== 0x16;
        this.asked.push(isText ? (data.toString('latin1').split('\r\n')[0] ?? '') : 'tls');
        const head = `HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: ${PIXEL.length}\r\nconnection: close\r\n\r\n`;
        socket.end(Buffer.concat([Buffer.from(head), PIXEL]));
      });
    });
  }

  static async start(): Promise<Sink> {
    const sink = new Sink();
    sink.server.listen(0, '127.0.0.1');
    await once(sink.server, 'listening');
    sink.host = `127.0.0.1:${(sink.server.address() as AddressInfo).port}`;
    return sink;
  }

  /** An address that must not be asked for. */
  url(path: string): string {
    return `http://${this.host}/${path}`;
  }

  async close(): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }
}
