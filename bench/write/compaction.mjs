// A full compaction of four overlapping SSTables of perf.users, here and by a live Cassandra, of the same files: megabytes
// of Data.db read a second. Cassandra's time is the one it logs, unthrottled, of the second compaction in the same JVM.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { cassette, perfData, root } from '../peers.mjs';

const COPIES = 4;

function run(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${result.status}`);
  return result.stdout;
}

/** Megabytes a second of `cassette compact` and of Cassandra (null without one). */
export async function compareCompaction(cassandra) {
  const directory = mkdtempSync(join(tmpdir(), 'cassette-bench-compaction-'));
  try {
    const inputs = await overlappingSSTables(directory);
    const megabytes = inputs.reduce((sum, input) => sum + dataBytes(input), 0) / 1e6;
    const ours = megabytes / compactHere(directory, inputs);
    return { ours, theirs: cassandra === null ? null : megabytes / compactThere(cassandra, inputs) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function overlappingSSTables(directory) {
  const program = join(root, 'tmp/bench-overlapping-sstables.mjs');
  await build({
    entryPoints: [join(root, 'bench/write/overlapping-sstables.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  const users = join(perfData(), 'perf/users');
  const data = readdirSync(users).find((name) => name.endsWith('-Data.db'));
  run(process.execPath, [program, join(users, data), join(directory, 'inputs'), String(COPIES)]);
  return Array.from({ length: COPIES }, (_, i) => join(directory, 'inputs', String(i + 1)));
}

function dataBytes(sstable) {
  const data = readdirSync(sstable).find((name) => name.endsWith('-Data.db'));
  return statSync(join(sstable, data)).size;
}

/** Seconds, as the command tells them: without the start of its process. */
function compactHere(directory, inputs) {
  const database = join(directory, 'database');
  run(cassette[0], [cassette[1], database, '-f', join(perfData(), 'schema.cql')]);
  const settings = join(database, 'cassette.json');
  writeFileSync(settings, JSON.stringify({ ...JSON.parse(readFileSync(settings, 'utf8')), compatibility: 'oa' }));
  // A table's directory is made with its first SSTable: the id stands in the schema.
  const [, id] = /TABLE perf\.users [^;]*? ID = ([0-9a-f-]{36})/.exec(
    readFileSync(join(database, 'schema.cql'), 'utf8'),
  );
  const home = join(database, 'data/perf', `users-${id.replaceAll('-', '')}`);
  mkdirSync(home, { recursive: true });
  for (const input of inputs) cpSync(input, home, { recursive: true });
  const told = run(cassette[0], [cassette[1], 'compact', database, 'perf.users']);
  return Number(/ (\d+) ms/.exec(told)[1]) / 1000;
}

/** Seconds, as Cassandra logs them. The first round is for its compiler. */
function compactThere({ directory, cql, nodetool, importSSTables }, inputs) {
  cql('-f', join(perfData(), 'schema.cql'));
  nodetool('setcompactionthroughput', '0');
  nodetool('disableautocompaction', 'perf', 'users');
  for (let round = 0; round < 2; round++) {
    if (round > 0) cql('TRUNCATE perf.users');
    for (const input of inputs) importSSTables('perf', 'users', input);
    nodetool('compact', 'perf', 'users');
  }
  const log = readFileSync(join(directory, 'system.log'), 'utf8');
  const [, millis] = [...log.matchAll(/Compacted .* 4 sstables to .*perf\/users.* in ([0-9,]+)ms/g)].at(-1);
  return Number(millis.replaceAll(',', '')) / 1000;
}
