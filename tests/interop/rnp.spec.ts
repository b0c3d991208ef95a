import type { Correspondent } from './correspondent.ts';
import { older } from './limits.ts';
import { Rnp, type Help } from './programs/rnp.ts';
import { interoperability, type Limit } from './rows.ts';

const helped =
  (help: Help) =>
  (theirs: Correspondent): Correspondent =>
    (theirs as Rnp).helped(help);

const limits: Limit[] = [
  {
    operations: ['certificate', 'secret key', 'locked (RFC 4880)'],
    way: 'to them',
    says: /unknown key algorithm: 35/,
    because:
      'it refuses a key with a part that it does not know, here the ML-KEM subkey, unless told --permissive',
    helped: helped({ permissive: true }),
  },
  {
    operations: ['encrypt', 'encrypt+sign', '25 MB encrypt+sign'],
    way: 'to them',
    says: /failed to obtain decrypting key/,
    because:
      'it opens no message that does not name its recipient; with the ID of its key written in, it does',
    helped: helped({ named: true }),
  },
  ...older(/failed to read iv/),
];

for (const [keys, curves] of [
  ['RSA 2048', false],
  ['Ed25519 and X25519', true],
] as const) {
  interoperability('RNP', /^RNP 0\.16\./, {
    keys,
    make: () => Rnp.make(curves),
    containers: { 'to them': 'SEIPD v1', 'to us': 'SEIPD v1' },
    limits,
    // Our key and our message are the same for both.
    withoutSlow: keys.startsWith('RSA') ? ['to them'] : [],
  });
}
