/** A row of the matrix: one program with one kind of keys, and every operation with it in both directions. */
import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import type { Correspondent, Payload } from './correspondent.ts';
import { CELL, type Cell, type Note, type Way } from './matrix.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import type { Container } from './packets.ts';
import { Folder } from './programs/shell.ts';
import { SMail } from './programs/smail.ts';

/** What a program cannot do. It must fail in this way, so that a program that has learned it is noticed. */
export interface Limit {
  operations: string[];
  way: Way;
  /** What the failure says. */
  says: RegExp;
  because: string;
  /** The program with the help with which it can. */
  helped?: (theirs: Correspondent) => Correspondent;
}

export interface Row {
  keys: string;
  make: () => Promise<Correspondent>;
  containers: Record<Way, Container>;
  limits: Limit[];
  /** Where what is slow is left to another row of the program. */
  withoutSlow?: Way[];
}

/** Whom a row is about. */
interface People {
  ours: SMail;
  theirs: Correspondent;
  /** The limits were found with this version. */
  isMeasured: boolean;
}

/**
 * Declares a row's tests. Limits and containers are those of the versions named: what another version has learned is well
 * done, and of what it cannot do it is told what it says.
 */
export function interoperability(program: string, versions: RegExp, row: Row): void {
  test.describe(`${program}, ${row.keys}`, () => {
    let people: People | undefined;

    test.beforeAll(async () => {
      const theirs = await row.make();
      people = { ours: await SMail.make(), theirs, isMeasured: versions.test(theirs.program) };
    });
    test.afterAll(async () => {
      await people?.theirs.close();
      await people?.ours.close();
      await Folder.removeAll(); // those too whose owner could not be made
    });

    for (const operation of OPERATIONS) {
      for (const way of ['to them', 'to us'] as const) {
        if (operation.isSlow && row.withoutSlow?.includes(way)) continue;
        test(`${operation.name}, ${way}`, async ({}, info) => {
          assert.ok(people);
          const { program } = people.theirs;
          const cell: Cell = { program, keys: row.keys, way, operation: operation.name, notes: [] };
          const annotation = { type: CELL, description: JSON.stringify(cell) };
          info.annotations.push(annotation);
          for (const payload of operation.payloads()) {
            cell.notes.push(await tryPayload(people, row, operation, way, payload));
          }
          annotation.description = JSON.stringify(cell);
        });
      }
    }
  });
}

/** Gives what is to be noted: nothing when it simply works. */
async function tryPayload(
  people: People,
  row: Row,
  operation: Operation,
  way: Way,
  payload: Payload,
): Promise<Note | null> {
  const ours = operation.streamed ? people.ours.streaming() : people.ours;
  const container = people.isMeasured ? row.containers[way] : undefined;
  const exchange = (theirs: Correspondent) => {
    const pair = way === 'to them' ? { from: ours, to: theirs } : { from: theirs, to: ours };
    return operation.run({ ...pair, container }, payload);
  };
  const limit = row.limits.find((known) => known.way === way && known.operations.includes(operation.name));
  if (limit) return meet(limit, exchange, people);
  await exchange(people.theirs);
  return null;
}

/** Sees the limit, and how far help goes. */
async function meet(
  limit: Limit,
  exchange: (theirs: Correspondent) => Promise<void>,
  { theirs, isMeasured }: People,
): Promise<Note | null> {
  const failure = await exchange(theirs).then(() => null, String);
  if (failure === null) {
    assert.ok(!isMeasured, `${theirs.program} can do this now: ${limit.because}`);
    return null;
  }
  if (!limit.says.test(failure) && !isMeasured)
    return { because: failure.replaceAll(/\s+/g, ' '), isHelped: false };
  assert.match(failure, limit.says);
  if (limit.helped) await exchange(limit.helped(theirs));
  return { because: limit.because, isHelped: limit.helped !== undefined };
}
