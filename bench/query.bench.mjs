// Full scans of two tables of a million rows: aggregates, filters, GROUP BY, ORDER BY LIMIT, beside SQLite over the same
// rows and, with CASSETTE_BENCH_CASSANDRA=1, a live Cassandra over the same SSTables. In this process' own child, warm; and
// whole processes, start-up included.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { cassette, oracle, perfData, root, timeProcess } from './peers.mjs';

const here = join(root, 'bench/query');
const QUERIES = join(here, 'queries.json');
const HOST = '127.0.0.43';
const PORT = '9343';

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

function cassandra(perf) {
  if (process.env['CASSETTE_BENCH_CASSANDRA'] !== '1') return null;
  const directory = mkdtempSync(join(tmpdir(), 'cassette-bench-cassandra-'));
  const script = (name, args) => {
    const result = spawnSync(join(oracle, name), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    if (result.status !== 0) throw new Error(`${name} ${args.join(' ')} exited with ${result.status}`);
    return result.stdout.trim();
  };
  const place = ['--listen', HOST, '--rpc', HOST, '--port', PORT, '--storage-port', '7143', '--jmx-port', '7443'];
  try {
    script('cassandra.sh', ['start', ...place, '--dir', directory, '--heap', '700m', '--fresh']);
    const python = script('venv.sh', []);
    const create = [HOST, PORT, join(perf, 'schema.cql')];
    spawnSync(python, [join(here, 'cassandra_queries.py'), ...create, '--schema'], { stdio: 'inherit' });
    for (const table of ['users', 'events']) {
      script('import-sstables.sh', [directory, 'perf', table, join(perf, 'perf', table)]);
    }
    return run(python, [join(here, 'cassandra_queries.py'), HOST, PORT, QUERIES]);
  } finally {
    spawnSync(join(oracle, 'cassandra.sh'), ['stop', '--dir', directory], { stdio: 'ignore' });
    rmSync(directory, { recursive: true, force: true });
  }
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
  const live = cassandra(perf);
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
