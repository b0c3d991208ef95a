/** What is sent. */
import { encoded, type Payload } from './correspondent.ts';

const LARGE_BYTES = 25_000_000;

/** Octets that do not repeat soon and cannot be compressed: a linear congruential generator's high octets. */
function octets(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1_103_515_245) + 12_345) | 0) >>> 24);
}

const payload = (name: string, content: Uint8Array, isText = false): Payload => ({
  name,
  octets: content,
  isText,
});

export const TEXT = payload('text', encoded('Grüße aus Zürich\n- from the other side \n\nBob\n'), true);
/** More than two chunks of AEAD as programs write them. */
export const BINARY = payload('binary', octets(700_000));
export const SMALL = [
  TEXT,
  BINARY,
  payload('empty', new Uint8Array()),
  payload('1 byte', new Uint8Array([0])),
];

let large: Payload | undefined;

/** 25 MB, made when first asked for. */
export function largePayload(): Payload {
  large ??= payload('25 MB', octets(LARGE_BYTES));
  return large;
}
