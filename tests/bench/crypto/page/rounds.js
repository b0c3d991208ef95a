// Rounds in which everybody has a turn, so that what slows the machine slows all alike.

/**
 * @typedef {object} Turn
 * @property {string} name
 * @property {() => unknown | Promise<unknown>} work
 * @property {number} [times] how often it is done in a turn; the time is one's
 */

/**
 * The times of each, in milliseconds, in the order of rounds. A first round, which compiles and warms up, does not count.
 * @param {Turn[]} turns
 * @param {number} rounds
 * @returns {Promise<Record<string, number[]>>}
 */
export async function inTurns(turns, rounds) {
  const times = Object.fromEntries(turns.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const { name, work, times: count = 1 } of turns) {
      const begins = performance.now();
      for (let done = 0; done < count; done += 1) await work();
      const each = (performance.now() - begins) / count;
      if (round >= 0) times[name].push(each);
    }
  }
  return times;
}
