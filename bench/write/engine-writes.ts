/**
 * Writes measured below CQL: mutations as the executor makes them, through log and memtable, to SSTables. argv[2] names
 * the measurement; prints one JSON object.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineTable, type Schema } from '../../src/schema/model/index.ts';
import { Engine } from '../../src/storage/engine.ts';
import { type Mutation, MutationBuilder } from '../../src/storage/mutation/index.ts';
import { NO_DELETION_TIME, NO_PATH, NO_TTL, PrefixKind, Row } from '../../src/storage/rows/index.ts';
import type { Durability } from '../../src/storage/wal/index.ts';

const WARM_UP_ROWS = 20_000;

const int = { kind: 'native', name: 'int' } as const;
const text = { kind: 'native', name: 'text' } as const;

/** As the peers' table: `CREATE TABLE t (p int, c int, a text, b text, d int, PRIMARY KEY (p, c))`. */
const table = defineTable({
  keyspace: 'bench',
  name: 't',
  id: '5a1c395e11e811e8a12d0123456789ab',
  columns: [
    { name: 'p', kind: 'partition_key', type: int },
    { name: 'c', kind: 'clustering', type: int },
    { name: 'a', kind: 'regular', type: text },
    { name: 'b', kind: 'regular', type: text },
    { name: 'd', kind: 'regular', type: int },
  ],
});

const schema: Schema = {
  version: 'bench',
  keyspaces: new Map([
    [
      'bench',
      {
        name: 'bench',
        replication: new Map(),
        durableWrites: true,
        tables: new Map([['t', table]]),
        views: new Map(),
        types: new Map(),
        functions: [],
        aggregates: [],
      },
    ],
  ]),
  roles: new Map(),
};

const builder = new MutationBuilder();
const row = new Row();
const key = Buffer.alloc(4);
const clustering = Buffer.alloc(4);
const value = Buffer.from('some text of thirty characters');
let micros = Date.now() * 1000;

function insert(n: number): Mutation {
  key.writeInt32BE(Math.imul(n, 0x9e3779b1) % 50_000);
  clustering.writeInt32BE(n);
  builder.begin(table, key);
  row.clear(false);
  row.clustering.reset(PrefixKind.CLUSTERING, 1, clustering);
  row.clustering.start[0] = 0;
  row.clustering.end[0] = 4;
  micros++;
  const hi = Math.floor(micros / 2 ** 32);
  const lo = micros | 0;
  row.setLiveness(hi, lo, NO_TTL, NO_DELETION_TIME);
  row.addCell(0, hi, lo, NO_TTL, NO_DELETION_TIME, value, 0, value.length, 0, NO_PATH);
  row.addCell(1, hi, lo, NO_TTL, NO_DELETION_TIME, value, 0, value.length, 0, NO_PATH);
  row.addCell(2, hi, lo, NO_TTL, NO_DELETION_TIME, clustering, 0, 4, 0, NO_PATH);
  builder.addRow(row);
  return builder.finish();
}

async function withEngine<T>(durability: Durability, use: (engine: Engine) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'cassette-bench-'));
  const engine = await Engine.open(join(directory, 'db'), {
    parseSchema: () => schema,
    schemaToCql: () => 'bench',
    durability,
    backgroundCompaction: false,
  });
  try {
    await engine.changeSchema(schema);
    return await use(engine);
  } finally {
    await engine.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Rows a second; each batch is one acknowledged write. */
function insertsPerSecond(durability: Durability, rows: number, batch: number): Promise<number> {
  return withEngine(durability, async (engine) => {
    const started = performance.now();
    for (let n = 0; n < rows; n += batch) {
      await engine.apply(Array.from({ length: batch }, (_, i) => insert(n + i)));
    }
    await engine.durable();
    return rows / ((performance.now() - started) / 1000);
  });
}

interface Curve {
  readonly rows: number;
  readonly insertMicros: number;
  readonly flushMicros: number;
  readonly compactMicros: number;
  readonly flushMegabytes: number;
  readonly compactMegabytes: number;
  readonly sstables: number;
}

/** CPU of this process so far, all its threads: what a row costs whatever else the machine does. */
function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Microseconds of CPU a row to insert, flush (what is left at the end) and compact, and MB of rows a second. */
function curve(rows: number): Promise<Curve> {
  return withEngine('periodic', async (engine) => {
    const startedCpu = cpuMicros();
    for (let n = 0; n < rows; n++) {
      engine.applyNow([insert(n)]);
      if (engine.isSaturated) await engine.ready();
      if (n % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await engine.ready();
    const inserted = performance.now();
    const insertedCpu = cpuMicros();
    const flushed = await engine.flush();
    const flushedAt = performance.now();
    const flushedCpu = cpuMicros();
    const sstables = engine.stats().tables[0].sstables;
    await engine.compact(table);
    const compacted = performance.now();
    const compactedCpu = cpuMicros();
    const flushedRows = flushed.reduce((sum, sstable) => sum + sstable.rows, 0);
    const flushedBytes = flushed.reduce((sum, sstable) => sum + sstable.uncompressedBytes, 0);
    const bytesPerRow = flushedBytes / flushedRows;
    return {
      rows,
      insertMicros: (insertedCpu - startedCpu) / rows,
      flushMicros: (flushedCpu - insertedCpu) / flushedRows,
      compactMicros: (compactedCpu - flushedCpu) / rows,
      flushMegabytes: flushedBytes / 1000 / (flushedAt - inserted),
      compactMegabytes: (bytesPerRow * rows) / 1000 / (compacted - flushedAt),
      sstables,
    };
  });
}

const [, , what, durability, rows, batch] = process.argv;
const measure = (some: (count: number) => number): Promise<unknown> =>
  what === 'curve'
    ? curve(some(Number(durability)))
    : // The caller's arguments: one of the three durabilities.
      insertsPerSecond(durability as Durability, some(Number(rows)), Number(batch));
// The first pass is the compiler's, which the peers had before they were shipped.
await measure((count) => Math.min(count, WARM_UP_ROWS));
process.stdout.write(`${JSON.stringify(await measure((count) => count))}\n`);
