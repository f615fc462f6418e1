// What a user waits for: start-up beside bare node, sqlite3 and cqlsh; a script of INSERTs, COPY FROM and COPY TO over a
// million users beside sqlite3 and cqlsh against a live Cassandra in the same run.
// Whole processes, durability and exit included. CQLSH names a cqlsh (pip install cqlsh), CASSETTE_BENCH_ROWS fewer rows.
import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { withCassandra } from './live-cassandra.mjs';
import { cassette, perfData, timeProcess } from './peers.mjs';

const ROWS = Number(process.env['CASSETTE_BENCH_ROWS'] ?? 1_000_000);
/** Rows that cqlsh gets: it needs a minute for sixty thousand INSERTs. */
const CQLSH_INSERTS = 5_000;
const CQLSH_COPIED = 200_000;

/** cqlsh of the environment's, else of PATH; null when there is none. */
function findCqlsh() {
  const program = process.env['CQLSH'] ?? 'cqlsh';
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0 ? program : null;
}

function seconds(command, options = {}) {
  const started = process.hrtime.bigint();
  const { status } = spawnSync(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  if (status !== 0) throw new Error(`${command.join(' ')} exited with ${status}`);
  return Number(process.hrtime.bigint() - started) / 1e9;
}

function told(name, ours, peers) {
  const beside = peers
    .filter(([, rate]) => rate !== null)
    .map(
      ([peer, rate]) => `${peer} ${Math.round(rate).toLocaleString('en')} (${(ours / rate).toFixed(1)} times as fast)`,
    );
  console.log(`${name.padEnd(24)} ${Math.round(ours).toLocaleString('en').padStart(9)} rows/s   ${beside.join(', ')}`);
}

function startUp(perf, cqlsh) {
  const bare = timeProcess([process.execPath, '-e', '0'], { runs: 9 }).median;
  const times = [
    [
      '-e SELECT … LIMIT 1',
      [
        ...cassette,
        join(perf, 'perf/users'),
        '--schema',
        join(perf, 'schema.cql'),
        '-e',
        'SELECT * FROM perf.users LIMIT 1',
      ],
    ],
    ['--version', [...cassette, '--version']],
    ['sqlite3 SELECT 1', ['sqlite3', ':memory:', 'SELECT 1']],
  ];
  if (cqlsh !== null) times.push(['cqlsh --version', [cqlsh, '--version']]);
  console.log(`bare node ${(bare * 1000).toFixed(0)} ms`);
  for (const [name, command] of times) {
    if (command[0] === 'sqlite3' && spawnSync('sqlite3', ['--version']).status !== 0) continue;
    const { median } = timeProcess(command, { runs: 9 });
    console.log(
      `${name.padEnd(24)} ${(median * 1000).toFixed(0).padStart(5)} ms   ${(median / bare).toFixed(1)} times bare node`,
    );
  }
}

/** The CSV as INSERTs, a line each, and its first rows for slower peers. */
async function writeScripts(csv, script, start, startCsv) {
  const inserts = [];
  const rows = [];
  for await (const line of createInterface({ input: createReadStream(csv) })) {
    const [id, active, age, country, created, email, name, score] = line.split(',');
    rows.push(line);
    inserts.push(
      `INSERT INTO perf.users (id, active, age, country, created, email, name, score) VALUES (${id}, ${active}, ${age}, '${country}', '${created}', '${email}', '${name}', ${score});`,
    );
  }
  writeFileSync(script, `${inserts.join('\n')}\n`);
  writeFileSync(start, `${inserts.slice(0, CQLSH_INSERTS).join('\n')}\n`);
  writeFileSync(startCsv, `${rows.slice(0, CQLSH_COPIED).join('\n')}\n`);
}

function withCqlsh(cqlsh, schema, use) {
  if (cqlsh === null) return null;
  return withCassandra((live) => {
    if (live === null) return null;
    const run = (...args) => seconds([cqlsh, live.host, live.port, ...args]);
    run('-f', schema);
    return use(run);
  });
}

function sqliteImport(directory, csv, rows) {
  if (spawnSync('sqlite3', ['--version']).status !== 0) return null;
  const database = join(directory, 'sqlite.db');
  const create =
    'CREATE TABLE users (id text PRIMARY KEY, active, age int, country, created, email, name, score real) WITHOUT ROWID;';
  seconds(['sqlite3', database, create]);
  const elapsed = seconds(['sqlite3', database, '-cmd', '.mode csv', `.import ${csv} users`]);
  const out = seconds([
    'sqlite3',
    database,
    '-cmd',
    '.mode csv',
    '-cmd',
    `.output ${join(directory, 'sqlite.csv')}`,
    'SELECT * FROM users',
  ]);
  return { from: rows / elapsed, to: rows / out };
}

/** Completion on a large schema, in a process of its own. */
async function completion() {
  const program = fileURLToPath(new URL('../tmp/bench-completion.mjs', import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL('shell/completion.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  spawnSync(process.execPath, [program], { stdio: 'inherit' });
}

export default async function bench() {
  const perf = perfData();
  const schema = join(perf, 'schema.cql');
  const cqlsh = findCqlsh();
  startUp(perf, cqlsh);
  await completion();
  const directory = mkdtempSync(join(tmpdir(), 'cassette-bench-shell-'));
  const file = (name) => join(directory, name);
  try {
    const limit = ROWS < 1_000_000 ? ` WITH MAXOUTPUTSIZE = ${ROWS}` : '';
    const to = seconds([
      ...cassette,
      join(perf, 'perf/users'),
      '--schema',
      schema,
      '-e',
      `COPY perf.users TO '${file('users.csv')}'${limit}`,
    ]);
    await writeScripts(file('users.csv'), file('users.cql'), file('start.cql'), file('start.csv'));
    seconds([...cassette, file('copied'), '-f', schema]);
    const from = seconds([...cassette, file('copied'), '-e', `COPY perf.users FROM '${file('users.csv')}'`]);
    seconds([...cassette, file('scripted'), '-f', schema]);
    const script = seconds([...cassette, file('scripted'), '-f', file('users.cql')]);
    const sqlite = sqliteImport(directory, file('users.csv'), ROWS);
    const peer = await withCqlsh(cqlsh, schema, (run) => ({
      script: CQLSH_INSERTS / run('-f', file('start.cql')),
      from: Math.min(ROWS, CQLSH_COPIED) / run('-e', `COPY perf.users FROM '${file('start.csv')}'`),
      to: Math.min(ROWS, CQLSH_COPIED) / run('-e', `COPY perf.users TO '${file('cqlsh.csv')}'`),
    }));
    told('script of INSERTs', ROWS / script, [['cqlsh -f', peer?.script ?? null]]);
    told('COPY FROM', ROWS / from, [
      ['cqlsh', peer?.from ?? null],
      ['sqlite3 .import', sqlite?.from ?? null],
    ]);
    told('COPY TO', ROWS / to, [
      ['cqlsh', peer?.to ?? null],
      ['sqlite3 .mode csv', sqlite?.to ?? null],
    ]);
    if (peer === null)
      console.log('cqlsh was left out; measured elsewhere: about 1,000 (-f), 37,000 (FROM) and 57,000 (TO) rows/s');
  } finally {
    if (existsSync(directory)) rmSync(directory, { recursive: true, force: true });
  }
}
