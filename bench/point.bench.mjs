// Rows by their key out of a million, through the library, in each format that is written, beside SQLite by primary key in
// one process. What a read touches (`--stats`) is printed for a key that is there and for one that is not.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cassette, median, perfData, root } from './peers.mjs';

const FORMATS = ['nb', 'oa', 'da'];
const READS = 2000;
const ABSENT = '00000000-0000-4000-8000-000000000000';
const work = join(root, 'tmp/point-bench');

function run(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stderr}`);
  return result;
}

/** The table in one format, written once. */
function inFormat(perf, format) {
  const home = join(work, format);
  if (!existsSync(join(home, 'schema.cql'))) {
    rmSync(home, { recursive: true, force: true });
    run(cassette[0], [
      ...[cassette[1], 'export-sstable', home, perf, '--schema', join(perf, 'schema.cql')],
      ...['--keyspace', 'perf', '--table', 'users', '--sstable-format', format],
    ]);
    writeFileSync(join(home, 'schema.cql'), readFileSync(join(perf, 'schema.cql')));
  }
  return home;
}

/** Keys from all over the ring, in no order. */
function someKeys(users) {
  const lines = readFileSync(users, 'latin1').split('\n');
  const step = Math.floor((lines.length - 2) / READS);
  return Array.from({ length: READS }, (_, i) => lines[1 + ((i * 7919) % READS) * step].slice(0, 36));
}

async function points(directory, keys) {
  const { open } = await import('../dist/index.js');
  const db = await open(directory, { schema: join(directory, 'schema.cql') });
  const select = db.prepare('SELECT * FROM perf.users WHERE id = ?');
  const micros = [];
  let found = 0;
  for (const key of keys) {
    const started = process.hrtime.bigint();
    found += (await select.execute([key])).rows.length;
    micros.push(Number(process.hrtime.bigint() - started) / 1000);
  }
  await db.close();
  // The first ones compile code and read what all of them need.
  const warm = micros.slice(READS / 10).sort((a, b) => a - b);
  return { first: micros[0], median: median(warm), p99: warm[Math.floor(warm.length * 0.99)], found };
}

export default async function bench() {
  const perf = perfData();
  mkdirSync(work, { recursive: true });
  const users = join(work, 'users.csv');
  if (!existsSync(users)) {
    const copy = `COPY perf.users TO '${users}' WITH HEADER = true`;
    run(cassette[0], [cassette[1], perf, '--schema', join(perf, 'schema.cql'), '-e', copy]);
  }
  const keys = someKeys(users);
  writeFileSync(join(work, 'keys'), keys.join('\n'));
  const theirs = run('python3', [
    join(root, 'bench/point/sqlite_points.py'),
    ...[join(work, 'users.db'), users, join(work, 'keys')],
  ]);
  const sqlite = JSON.parse(theirs.stdout);
  const line = ({ median, p99 }) => `median ${median.toFixed(0).padStart(4)} µs, p99 ${p99.toFixed(0).padStart(5)} µs`;
  console.log(`${'SQLite'.padEnd(10)} ${line(sqlite)}, ${sqlite.found} found`);
  for (const format of FORMATS) {
    const home = inFormat(perf, format);
    const ours = await points(home, keys);
    const ratio = `${(ours.median / sqlite.median).toFixed(1)} times SQLite's`;
    console.log(
      `${format.padEnd(10)} ${line(ours)}, ${ours.found} found, first ${(ours.first / 1000).toFixed(1)} ms: ${ratio}`,
    );
    for (const key of [keys[0], ABSENT]) {
      const { stderr } = run(cassette[0], [
        cassette[1],
        home,
        '--stats',
        '-e',
        `SELECT * FROM perf.users WHERE id = ${key}`,
      ]);
      console.log(`${' '.repeat(11)}${key === ABSENT ? 'absent' : 'there'}: ${/sstables.*/.exec(stderr)?.[0]}`);
    }
  }
}
