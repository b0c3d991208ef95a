/** Proof that a test fails when something goes wrong behind what a person sees. */
import { expect, test } from '../support/test.ts';
import { until } from '../support/ui/until.ts';

const PLANTED: [what: string, plant: () => void, trace: RegExp][] = [
  ['an error on the console', () => console.error('planted error'), /planted error/],
  [
    'an exception nobody catches',
    () => void Promise.reject(new Error('planted rejection')),
    /planted rejection/,
  ],
  [
    'an image from elsewhere, against the content security policy',
    () => {
      document.body.append(Object.assign(new Image(), { src: 'https://mallory.example/pixel.png', alt: '' }));
    },
    /policy: .*img-src/,
  ],
  [
    'a text made markup, against Trusted Types',
    () => {
      try {
        document.body.insertAdjacentHTML('beforeend', '<b>planted</b>');
      } catch {
        // The policy stops it with an exception; that it is reported too is what this is about.
      }
    },
    /policy: .*require-trusted-types-for/,
  ],
];

for (const [what, plant, trace] of PLANTED) {
  test(`${what} is noticed`, async ({ world }) => {
    const { ui, logIn } = await world.visitor();
    await logIn.open();
    expect(world.noticed()).toEqual([]);
    await ui.evaluate(plant);
    await until(
      async () => world.noticed().some((fault) => trace.test(fault)),
      () => `it went unnoticed; noticed: ${world.noticed().join('\n')}`,
    );
    world.faults.expect(/./);
  });
}
