import { describe, expect, it } from 'vitest';
import type { Suggestion } from '../../crypto/views';
import { Completion } from './completion.svelte';

const suggestion = (...addresses: string[]): Suggestion => ({
  kind: addresses.length > 1 ? 'group' : 'contact',
  name: [],
  address: [],
  addresses,
  verified: false,
});

const BOB = suggestion('bob@localhost');
const BEA = suggestion('bea@example.org');

describe('completion', () => {
  it('shows the answer to the last question alone', async () => {
    const answers: ((list: Suggestion[]) => void)[] = [];
    const completion = new Completion(() => new Promise((resolve) => answers.push(resolve)));
    const first = completion.type('b', []);
    const second = completion.type('bo', []);
    answers[1]?.([BOB]);
    answers[0]?.([BOB, BEA]);
    await Promise.all([first, second]);
    expect(completion.list).toEqual([BOB]);
    const late = completion.type('bob', []);
    completion.close();
    answers[2]?.([BOB]);
    await late;
    expect(completion.isOpen).toBe(false);
  });

  it('goes around', async () => {
    const completion = new Completion(() => Promise.resolve([BOB, BEA]));
    await completion.type('b', []);
    completion.move(-1);
    expect(completion.chosen).toBe(BEA);
    completion.move(1);
    expect(completion.chosen).toBe(BOB);
    await completion.type('  ', []);
    expect(completion.isOpen).toBe(false);
  });

  it('takes what is marked, but never instead of a whole address', async () => {
    const group = suggestion('bob@localhost', 'bea@example.org');
    for (const [list, typed, taken] of [
      [[BEA], 'be', BEA],
      [[BEA], 'bea@ex', BEA],
      [[BEA], 'bea@elsewhere.org', undefined],
      // Whoever types the user name means the one on this server; that of somebody elsewhere is no user name here.
      [[BOB], 'bob', undefined],
      [[BEA], 'bea', BEA],
      [[group], 'bob', group],
      [[], 'bob', undefined],
    ] as const) {
      const completion = new Completion(() => Promise.resolve([...list]));
      await completion.type(typed, []);
      expect(completion.taking(typed, 'localhost')?.suggestion, typed).toBe(taken);
    }
  });

  it('is not sure that the beginning of an address is no user name, unless it was gone to', async () => {
    const bob2 = suggestion('bob-2@localhost');
    const named = { ...bob2, name: [{ text: 'Bob', hit: true }] };
    for (const [list, moved, orUserName] of [
      [[bob2], false, true],
      [[bob2], true, false],
      [[named], false, false],
    ] as const) {
      const completion = new Completion(() => Promise.resolve([...list]));
      await completion.type('bob', []);
      if (moved) completion.move(1);
      expect(completion.taking('bob', 'localhost')?.orUserName).toBe(orUserName);
    }
  });
});
