import { older } from './limits.ts';
import { Sop } from './programs/sop.ts';
import { interoperability } from './rows.ts';

interoperability('Sequoia', /^sqop 0\.27\./, {
  keys: 'Ed25519 and X25519',
  make: () => Sop.make(process.env['SQOP'] ?? 'sqop'),
  containers: { 'to them': 'SEIPD v1', 'to us': 'SEIPD v1' },
  limits: older(/Invalid data type/),
});
