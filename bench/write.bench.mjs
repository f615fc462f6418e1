// Inserts a second at each durability, one row and a hundred rows a write, beside SQLite (WAL mode, the like durability)
// and a live Cassandra (one driver connection); a compaction of the same SSTables here and there; then how the cost of a row
// changes from 100 thousand rows on. CASSETTE_BENCH_ROWS=10000000 goes on to ten million.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { withCassandra } from './live-cassandra.mjs';
import { root } from './peers.mjs';
import { compareCompaction } from './write/compaction.mjs';

const here = join(root, 'bench/write');
/** Of inserts here and by SQLite, in turn; the best counts: a disk has other work too. */
const ROUNDS = 3;

/** SQLite's nearest: FULL syncs each commit; NORMAL leaves it to checkpoints; OFF to the operating system. */
const CASES = [
  { durability: 'sync', synchronous: 'FULL', rows: 20_000 },
  { durability: 'periodic', synchronous: 'NORMAL', rows: 200_000 },
  { durability: 'none', synchronous: 'OFF', rows: 200_000 },
];

function run(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${result.status}`);
  return JSON.parse(result.stdout.trim().split('\n').at(-1));
}

export default async function bench() {
  const program = join(root, 'tmp', 'bench-engine-writes.mjs');
  await build({
    entryPoints: [join(here, 'engine-writes.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const ours = (...args) => run(process.execPath, [program, ...args.map(String)]);
  const { cassandra, compaction } = await withCassandra(async (live) => ({
    cassandra: live && { 1: insertsThere(live, 20_000, 1), 100: insertsThere(live, 50_000, 100) },
    compaction: await compareCompaction(live),
  }));
  for (const { durability, synchronous, rows } of CASES) {
    for (const batch of [1, 100]) {
      const count = batch === 1 || durability !== 'sync' ? rows : rows * 5;
      let mine = 0;
      let sqlite = 0;
      for (let round = 0; round < ROUNDS; round++) {
        mine = Math.max(mine, ours('inserts', durability, count, batch));
        const asked = [synchronous, count, batch].map(String);
        sqlite = Math.max(sqlite, run('python3', [join(here, 'sqlite_writes.py'), ...asked]));
      }
      const beside = [`${(mine / sqlite).toFixed(1)} times SQLite's (${synchronous})`];
      if (cassandra !== null) beside.push(`${(mine / cassandra[batch]).toFixed(1)} times Cassandra's`);
      console.log(`inserts, ${durability.padEnd(8)} ${String(batch).padStart(3)} rows a write: ${beside.join(', ')}`);
    }
  }
  tellCompaction(compaction);
  const most = Number(process.env['CASSETTE_BENCH_ROWS'] ?? 1_000_000);
  let base = null;
  for (const rows of [100_000, 300_000, 1_000_000, 3_000_000, 10_000_000]) {
    if (rows > most) break;
    const point = ours('curve', rows);
    base ??= point;
    const of = (name) => `${(point[name] / base[name]).toFixed(2)}`;
    console.log(
      `${String(point.rows).padStart(9)} rows: a row costs in CPU ${of('insertMicros')} (insert), ${of('flushMicros')} (flush), ` +
        `${of('compactMicros')} (compact) of what it costs at ${base.rows}; compaction runs at ` +
        `${(point.compactMegabytes / point.flushMegabytes).toFixed(1)} times the flush's MB/s`,
    );
  }
}

function insertsThere({ python }, rows, batch) {
  return python(join(here, 'cassandra_writes.py'), rows, batch);
}

function tellCompaction({ ours, theirs }) {
  const beside = theirs === null ? '' : `, ${(ours / theirs).toFixed(1)} times Cassandra's (${theirs.toFixed(0)} MB/s)`;
  console.log(`compaction of 4 SSTables of a million rows: ${ours.toFixed(0)} MB/s of Data.db read${beside}`);
}
