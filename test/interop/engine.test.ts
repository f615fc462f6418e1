import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'cassandra-driver';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineTable } from '../../src/schema/model/index.ts';
import { Engine } from '../../src/storage/engine.ts';
import { MutationBuilder } from '../../src/storage/mutation/index.ts';
import { RowModel } from '../storage/engine/row-model.ts';
import { schemaOf } from '../storage/engine/test-database.ts';
import { arbitraryWrite, mutationOf, type Write, wideTable } from '../storage/memtable/random-writes.ts';
import { connect, hasOracle, nodetool, type Place, selectJson, startDaemon, stopDaemon } from './oracle.ts';

/** Nothing is purged: random times go back behind tombstones. */
const GC_GRACE_SECONDS = 2_000_000_000;
const table = defineTable({
  keyspace: wideTable.keyspace,
  name: wideTable.name,
  id: wideTable.id,
  columns: [...wideTable.columns.values()],
  options: { gc_grace_seconds: GC_GRACE_SECONDS },
});
const schema = schemaOf(table);

const place: Place = { directory: mkdtempSync(join(tmpdir(), 'cassette-interop-engine-')), number: 28 };
let client: Client;

const CREATE_WIDE = `CREATE TABLE ks.wide (p int, c1 int, c2 text, s text static, ss set<int> static, a int, b text,
  m map<int, text>, PRIMARY KEY (p, c1, c2))
  WITH CLUSTERING ORDER BY (c1 ASC, c2 DESC) AND gc_grace_seconds = ${GC_GRACE_SECONDS}`;

describe.skipIf(!hasOracle)('what the engine wrote, flushed, compacted and exported', () => {
  beforeAll(async () => {
    await startDaemon(place, 'oa', true);
    client = await connect(place);
    await client.execute(
      "CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1} AND durable_writes = true",
    );
  }, 120_000);

  afterAll(async () => {
    await client?.shutdown();
    await stopDaemon(place);
    rmSync(place.directory, { recursive: true, force: true });
  }, 60_000);

  it.each([
    ['nb', 1],
    ['oa', 2],
    ['da', 3],
    ['nb', 4],
  ] as const)(
    'is what Cassandra reads: %s, seed %i',
    async (version, seed) => {
      const [writes] = fc.sample(fc.array(arbitraryWrite, { minLength: 400, maxLength: 400 }), { seed, numRuns: 1 });
      const directory = mkdtempSync(join(tmpdir(), 'cassette-interop-database-'));
      try {
        const model = await exported(writes, directory, version);
        await client.execute('DROP TABLE IF EXISTS ks.wide');
        await client.execute(CREATE_WIDE);
        // -e verifies every row before anything is loaded.
        await nodetool(place, 'import', '-l', '-e', 'ks', 'wide', join(directory, 'out/ks/wide'));
        const answers = await selectJson(client, 'SELECT JSON * FROM ks.wide');
        expect(rowsOf(answers)).toEqual(model.visible(Date.now() / 1000));
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
    120_000,
  );

  it.each(['nb', 'oa', 'da'] as const)(
    'is read by Cassandra from any place of a wide partition, either way: %s',
    async (version) => {
      const directory = mkdtempSync(join(tmpdir(), 'cassette-interop-wide-'));
      try {
        await exportWide(directory, version);
        await client.execute('DROP TABLE IF EXISTS ks.wide');
        await client.execute(CREATE_WIDE);
        await nodetool(place, 'import', '-l', '-e', 'ks', 'wide', join(directory, 'out/ks/wide'));
        const select = async (where: string): Promise<number[]> => {
          const { rows } = await client.execute(`SELECT c1 FROM ks.wide WHERE p = 1 ${where}`, [], { fetchSize: 5000 });
          return rows.map((row) => row.get('c1'));
        };
        const kept = Array.from({ length: WIDE_ROWS }, (_, c1) => c1).filter(
          (c1) => c1 % 1000 < 500 || c1 % 1000 > 505,
        );
        for (const c1 of [0, 1, 499, 502, 506, 4711, WIDE_ROWS / 2, WIDE_ROWS - 1]) {
          expect(await select(`AND c1 = ${c1}`)).toEqual(kept.includes(c1) ? [c1] : []);
        }
        for (const [from, to] of [
          [0, 30],
          [490, 520],
          [5990, 6020],
          [WIDE_ROWS - 40, WIDE_ROWS],
        ]) {
          const expected = kept.filter((c1) => c1 >= from && c1 < to);
          expect(await select(`AND c1 >= ${from} AND c1 < ${to}`)).toEqual(expected);
          const reversed = await select(`AND c1 >= ${from} AND c1 < ${to} ORDER BY c1 DESC`);
          expect(reversed).toEqual([...expected].reverse());
        }
        const last = kept.filter((c1) => c1 < 7000).slice(-10);
        expect(await select('AND c1 < 7000 ORDER BY c1 DESC LIMIT 10')).toEqual(last.reverse());
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
    120_000,
  );
});

/** About 3 MB, which takes dozens of blocks of the row index of `nb` and hundreds of `da`. */
const WIDE_ROWS = 12_000;

/** One partition with a range tombstone in every thousand rows. */
async function exportWide(directory: string, version: 'nb' | 'oa' | 'da'): Promise<void> {
  const builder = new MutationBuilder();
  const engine = await Engine.open(join(directory, 'db'), {
    parseSchema: () => schema,
    schemaToCql: (changed) => changed.version,
    durability: 'none',
    compatibility: version,
  });
  await engine.changeSchema(schema);
  const local = Math.floor(Date.now() / 1000);
  for (let c1 = 0; c1 < WIDE_ROWS; c1++) {
    const c2 = `${c1}`.padStart(240, 'x');
    const cells = [{ column: 0, path: 0, value: c1, isTombstone: false }];
    const writes: Write[] = [{ kind: 'row', p: 1, c1, c2, time: 5, live: true, ttl: 0, cells }];
    if (c1 % 1000 === 999) {
      const [from, to] = [c1 - 499, c1 - 494];
      writes.push({ kind: 'deleteRange', p: 1, from, to, open: false, time: 6, local });
    }
    engine.applyNow(writes.map((write) => ({ ...mutationOf(builder, write), table })));
  }
  await engine.exportTable(table, join(directory, 'out'), { version, compact: true, validate: true });
  await engine.close();
}

async function exported(writes: readonly Write[], directory: string, version: 'nb' | 'oa' | 'da'): Promise<RowModel> {
  const model = new RowModel();
  const builder = new MutationBuilder();
  const engine = await Engine.open(join(directory, 'db'), {
    parseSchema: () => schema,
    schemaToCql: (changed) => changed.version,
    durability: 'none',
    compatibility: version,
  });
  await engine.changeSchema(schema);
  for (const [i, write] of writes.entries()) {
    model.add(write);
    await engine.apply([{ ...mutationOf(builder, write), table }]);
    if (i % 70 === 69) await engine.flush();
    if (i === 300) await engine.compact(table);
  }
  await engine.exportTable(table, join(directory, 'out'), { version, compact: true, validate: true });
  await engine.close();
  return model;
}

/** Cassandra's rows in the words of the model. */
function rowsOf(answers: readonly string[]): Map<string, string> {
  const rows = new Map<string, string>();
  for (const answer of answers) {
    const row = JSON.parse(answer) as JsonRow; // As the table says.
    if (row.s !== null) rows.set(`${row.p}/static`, `s=${Buffer.from(row.s).toString('hex')}`);
    if (row.c1 === null) continue;
    const cells: string[] = [];
    if (row.a !== null) cells.push(`a=${(row.a >>> 0).toString(16).padStart(8, '0')}`);
    if (row.b !== null) cells.push(`b=${hexOf(row.b)}`);
    for (const [key, value] of Object.entries(row.m ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
      cells.push(`m[${key}]=${hexOf(value)}`);
    }
    rows.set(`${row.p}/${row.c1}/${row.c2}`, cells.join(' '));
  }
  return rows;
}

interface JsonRow {
  readonly p: number;
  readonly c1: number | null;
  readonly c2: string;
  readonly s: string | null;
  readonly a: number | null;
  readonly b: string | null;
  readonly m: Record<string, string> | null;
}

/** Text that the tests made of an int32's bytes. */
function hexOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('hex');
}
