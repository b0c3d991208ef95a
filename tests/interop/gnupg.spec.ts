import { older } from './limits.ts';
import { GnuPg } from './programs/gnupg.ts';
import { interoperability } from './rows.ts';

for (const [keys, algorithms] of [
  ['Ed25519 and X25519', { primary: 'ed25519', subkey: 'cv25519' }],
  ['RSA 3072', { primary: 'rsa3072', subkey: 'rsa3072' }],
] as const) {
  interoperability('GnuPG', /^GnuPG 2\.2\./, {
    keys,
    make: () => GnuPg.make(algorithms),
    containers: { 'to them': 'SEIPD v1', 'to us': 'SEIPD v1' },
    limits: older(/secret key with invalid cipher 253/),
    // Our key and our message are the same for both.
    withoutSlow: keys.startsWith('RSA') ? ['to them'] : [],
  });
}
