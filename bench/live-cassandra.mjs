// A live Cassandra of the oracle's as a peer: started fresh for a bench, stopped and removed after it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oracle, root } from './peers.mjs';

const HOST = '127.0.0.41';
const PORT = '9341';
const PLACE = ['--listen', HOST, '--rpc', HOST, '--port', PORT, '--storage-port', '7141', '--jmx-port', '7441'];
/** Longer than any read takes on a busy machine: a peer that gives up measures nothing. */
const READ_TIMEOUT_MILLIS = '120000';

/**
 * `use` with the daemon: its directory, and programs run against it. `use(null)` where the oracle is missing, or
 * CASSETTE_BENCH_CASSANDRA=0 leaves the daemon out.
 */
export async function withCassandra(use) {
  if (process.env['CASSETTE_BENCH_CASSANDRA'] === '0' || !existsSync(join(oracle, 'cassandra.sh'))) return use(null);
  const directory = mkdtempSync(join(tmpdir(), 'cassette-bench-cassandra-'));
  const tool = (name, ...args) => output([join(oracle, name), ...args]);
  try {
    tool('cassandra.sh', 'start', ...PLACE, '--dir', directory, '--heap', '1500m', '--fresh');
    for (const kind of ['range', 'read']) tool('nodetool.sh', directory, 'settimeout', kind, READ_TIMEOUT_MILLIS);
    const python = tool('venv.sh');
    return await use({
      directory,
      host: HOST,
      port: PORT,
      /** What a Python script of the bench prints last, as JSON; it gets host and port before `args`. */
      python: (script, ...args) =>
        JSON.parse(
          output([python, script, HOST, PORT, ...args.map(String)])
            .split('\n')
            .at(-1),
        ),
      /** Statements, or `-f` and a file of them. */
      cql: (...args) => output([python, join(root, 'bench/cassandra_cql.py'), HOST, PORT, ...args]),
      nodetool: (...args) => tool('nodetool.sh', directory, ...args),
      importSSTables: (keyspace, table, from) => tool('import-sstables.sh', directory, keyspace, table, from),
    });
  } finally {
    spawnSync(join(oracle, 'cassandra.sh'), ['stop', '--dir', directory], { stdio: 'ignore' });
    rmSync(directory, { recursive: true, force: true });
  }
}

function output(command) {
  const result = spawnSync(command[0], command.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (result.status !== 0) throw new Error(`${command.join(' ')} exited with ${result.status}`);
  return result.stdout.trim();
}
