// Full scans of two tables of a million rows: aggregates, filters, GROUP BY, ORDER BY LIMIT, beside SQLite over the same
// rows and a live Cassandra over the same SSTables. In this process' own child, warm; and whole processes, start-up
// included.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { withCassandra } from './live-cassandra.mjs';
import { cassette, perfData, root, timeProcess } from './peers.mjs';

const here = join(root, 'bench/query');
const QUERIES = join(here, 'queries.json');

function run(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${result.status}`);
  return JSON.parse(result.stdout.trim().split('\n').at(-1));
}

/** A database of the same rows, loaded once from our own CSV and kept between runs. */
function sqlite(perf) {
  const database = join(root, 'tmp/query-bench.db');
  mkdirSync(join(root, 'tmp'), { recursive: true });
  const exported = mkdtempSync(join(tmpdir(), 'cassette-bench-csv-'));
  try {
    if (!existsSync(database)) {
      const copies = ['users', 'events'].map(
        (table) => `COPY perf.${table} TO '${join(exported, `${table}.csv`)}' WITH HEADER = true;`,
      );
      timeProcess([...cassette, perf, '--schema', join(perf, 'schema.cql'), '-e', copies.join(' ')], { runs: 0 });
    }
    return run('python3', [join(here, 'sqlite_queries.py'), database, exported, QUERIES]);
  } finally {
    rmSync(exported, { recursive: true, force: true });
  }
}

async function cassandra(perf) {
  return withCassandra((live) => {
    if (live === null) return null;
    live.cql('-f', join(perf, 'schema.cql'));
    for (const table of ['users', 'events']) live.importSSTables('perf', table, join(perf, 'perf', table));
    return live.python(join(here, 'cassandra_queries.py'), QUERIES);
  });
}

export default async function bench() {
  const perf = perfData();
  const program = join(root, 'tmp/bench-session-queries.mjs');
  await build({
    entryPoints: [join(here, 'session-queries.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  const theirs = sqlite(perf);
  const live = await cassandra(perf);
  const warm = run(process.execPath, [program, perf, QUERIES]);
  for (const [i, { name, cql }] of JSON.parse(readFileSync(QUERIES, 'utf8')).entries()) {
    const command = [...cassette, perf, '--schema', join(perf, 'schema.cql'), '-e', cql];
    const whole = timeProcess(command, { runs: 3 }).median * 1000;
    const same = warm[i].rows === theirs[i].rows ? '' : `  ${warm[i].rows} rows, not ${theirs[i].rows}!`;
    const beside = [`${millis(theirs[i].millis)} SQLite's: ${(warm[i].millis / theirs[i].millis).toFixed(1)} of it`];
    if (live?.[i]) {
      const ratio = (millisOf) => (live[i].millis / millisOf).toFixed(1);
      beside.push(
        `${millis(live[i].millis)} Cassandra's: ${ratio(warm[i].millis)} (whole ${ratio(whole)}) times as fast`,
      );
    }
    console.log(
      `${name.padEnd(36)} ${millis(warm[i].millis)} warm ${millis(whole)} whole   ${beside.join('   ')}${same}`,
    );
  }
}

function millis(value) {
  return `${value.toFixed(0).padStart(6)} ms`;
}
