/** An authenticator app on a person's phone: time-based codes (RFC 6238), by Node's own HMAC. */
import { createHmac } from 'node:crypto';
import { until } from './ui/until.ts';
import type { Ui } from './ui/ui.ts';

const STEP_S = 30;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base 32 (RFC 4648). */
function base32(text: string): Buffer {
  const bits = [...text].map((c) => ALPHABET.indexOf(c).toString(2).padStart(5, '0')).join('');
  const octets = bits.match(/.{8}/g) ?? [];
  return Buffer.from(octets.map((octet) => parseInt(octet, 2)));
}

/** What an authenticator app shows (RFC 6238), `ahead` steps from now. */
function appCode(secret: string, ahead = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP_S) + ahead));
  const hash = createHmac('sha1', base32(secret)).update(counter).digest();
  const at = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A person's phone: it shows a code that was not used yet, early if need be, as the server allows. */
export class Phone {
  private newest = 0;

  constructor(readonly secret: string) {}

  /** Takes the secret from the set-up that is on show. */
  static async scan(ui: Ui): Promise<Phone> {
    const shown = () => document.querySelector('dialog .by-hand')?.textContent ?? '';
    return new Phone((await ui.evaluate(shown)).replaceAll(/\s/g, ''));
  }

  async code(): Promise<string> {
    const now = () => Math.floor(Date.now() / 1000 / STEP_S);
    await until(
      () => Promise.resolve(this.newest <= now()),
      () => 'the next code is too far ahead',
      2 * STEP_S * 1000,
    );
    this.newest = Math.max(now(), this.newest + 1);
    return appCode(this.secret, this.newest - now());
  }
}
