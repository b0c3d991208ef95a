import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exchange } from './proxy.ts';

/** Writes exchanges as HTTP/1.1 messages, a file each, as the canary scanner reads them. */
export async function writeTraffic(exchanges: Exchange[], directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [number, { asked, answer }] of exchanges.entries()) {
    const fields = asked.headers.flatMap((word, at, words) =>
      at % 2 ? [] : [`${word}: ${words[at + 1] ?? ''}`],
    );
    const request = message(`${asked.method} ${asked.path} HTTP/1.1`, fields, asked.body);
    const answered = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`);
    const response = message(`HTTP/1.1 ${answer.status} `, answered, answer.body);
    await writeFile(join(directory, `${number}.request`), request);
    await writeFile(join(directory, `${number}.answer`), response);
  }
}

function message(start: string, fields: string[], body: Buffer): Buffer {
  const kept = fields.filter((field) => !/^(transfer-encoding|content-length):/i.test(field));
  const head = [start, ...kept, `content-length: ${body.length}`, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]);
}
