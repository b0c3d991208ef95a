import { NO_STREAM_TO_THEM, NO_STREAM_TO_US } from './limits.ts';
import type { Container } from './packets.ts';
import { OpenPgpJs } from './programs/openpgpjs.ts';
import { interoperability } from './rows.ts';

const containers: Container[] = ['SEIPD v1', 'SEIPD v2 GCM', 'SEIPD v2 OCB'];

for (const keys of ['v4', 'v6'] as const) {
  for (const container of containers) {
    const isOurs = container === 'SEIPD v2 GCM';
    interoperability('OpenPGP.js', /^OpenPGP\.js 6\.3\./, {
      keys: `${keys}, ${container}`,
      make: () => OpenPgpJs.make({ keys, container }),
      containers: { 'to them': container === 'SEIPD v1' ? container : 'SEIPD v2 GCM', 'to us': container },
      limits: [
        ...(isOurs ? [] : [NO_STREAM_TO_US]),
        ...(container === 'SEIPD v1' ? [NO_STREAM_TO_THEM] : []),
      ],
      withoutSlow: container === (keys === 'v4' ? 'SEIPD v1' : 'SEIPD v2 GCM') ? [] : ['to them', 'to us'],
    });
  }
}
