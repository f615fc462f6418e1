import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cassandraSide } from './differential/cassandra-side.ts';
import { cassetteSide } from './differential/cassette-side.ts';
import { exploreKeyspace, report, type Sides, shrink } from './differential/explore.ts';
import { isKnown } from './differential/known-differences.ts';
import { hasOracle, type Place, portOf, startDaemon, stopDaemon } from './oracle.ts';

/**
 * A live Cassandra and Cassette run the same random statements on the same random tables, and say the same.
 *
 *   DIFFERENTIAL_KEYSPACES   how many random keyspaces (2 tables each)     default 36
 *   DIFFERENTIAL_STATEMENTS  statements in each                            default 60
 *   DIFFERENTIAL_SEED        of the first keyspace; the next is one more   default 1
 */
const KEYSPACES = Number(process.env.DIFFERENTIAL_KEYSPACES ?? 36);
const STATEMENTS = Number(process.env.DIFFERENTIAL_STATEMENTS ?? 60);
const FIRST_SEED = Number(process.env.DIFFERENTIAL_SEED ?? 1);

/** Differences that are shrunk and told in full; each takes some dozen keyspaces more. */
const MAX_REPORTS = 3;

const place: Place = { directory: mkdtempSync(join(tmpdir(), 'cassette-differential-')), number: 40 };
let sides: Sides;

describe.skipIf(!hasOracle)('random statements', () => {
  beforeAll(async () => {
    // From its cache of counters Cassandra goes on with the value of a counter that was deleted.
    await startDaemon(place, 'nb', true, ['counter_cache_size: 0MiB']);
    sides = { theirs: await cassandraSide(`127.0.0.1:${portOf(place)}`), ours: await cassetteSide() };
  }, 180_000);

  afterAll(async () => {
    await sides?.theirs.close();
    await sides?.ours.close();
    await stopDaemon(place);
    rmSync(place.directory, { recursive: true, force: true });
  }, 60_000);

  test(`${KEYSPACES * STATEMENTS} of them answer as Cassandra's`, async () => {
    const reports: string[] = [];
    let differences = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + KEYSPACES; seed++) {
      for (const found of await exploreKeyspace(sides, seed, STATEMENTS)) {
        if (isKnown(found)) continue;
        differences++;
        if (reports.length < MAX_REPORTS) reports.push(report(await shrink(sides, found)));
      }
    }
    expect(reports.join('\n\n'), `${differences} statements differ`).toBe('');
  }, 3_600_000);
});
