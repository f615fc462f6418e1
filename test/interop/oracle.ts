import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, types } from 'cassandra-driver';

const run = promisify(execFile);

/** The kit that runs a real Cassandra; CASSETTE_ORACLE (or ORACLE_KIT) and CASSETTE_CORPUS name other places. */
export const KIT =
  process.env.CASSETTE_ORACLE ?? process.env.ORACLE_KIT ?? new URL('../../../shared/oracle', import.meta.url).pathname;
export const CORPUS = process.env.CASSETTE_CORPUS ?? new URL('../../../shared/corpus', import.meta.url).pathname;
const ORACLE_HOME =
  process.env.ORACLE_HOME ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cassandra-oracle');
const PYTHON = process.env.CORPUS_PYTHON ?? join(ORACLE_HOME, 'venv/bin/python');

export const hasOracle =
  existsSync(join(KIT, 'cassandra.sh')) &&
  existsSync(join(ORACLE_HOME, 'lib')) &&
  existsSync(PYTHON) &&
  existsSync(CORPUS);

/** Loopback address and ports of one daemon: N makes them differ from other daemons'. */
export interface Place {
  readonly directory: string;
  readonly number: number;
}

export const portOf = (place: Place): number => 9300 + place.number;

/** `yaml`: settings besides the kit's. */
export async function startDaemon(
  place: Place,
  format: 'nb' | 'oa' | 'da',
  fresh: boolean,
  yaml: readonly string[] = [],
): Promise<void> {
  const address = `127.0.0.${place.number}`;
  const options = ['--format', format, '--dir', place.directory, '--listen', address, '--rpc', '127.0.0.1'];
  // A node that may not make such identifiers does not start over files that have them.
  if (format === 'da') options.push('--uuid-ids', 'true');
  const ports = [
    '--port',
    String(portOf(place)),
    '--storage-port',
    String(7100 + place.number),
    '--jmx-port',
    String(7400 + place.number),
  ];
  await run(join(KIT, 'cassandra.sh'), [
    'start',
    ...options,
    ...ports,
    '--heap',
    '700m',
    ...(fresh ? ['--fresh'] : []),
    ...yaml.flatMap((line) => ['--yaml', line]),
  ]);
}

export async function stopDaemon(place: Place): Promise<void> {
  await run(join(KIT, 'cassandra.sh'), ['stop', '--dir', place.directory]);
}

export async function applySchema(place: Place, file: string): Promise<void> {
  await run(PYTHON, [join(KIT, 'apply-schema.py'), file, '--port', String(portOf(place))], { timeout: 600_000 });
}

export async function nodetool(place: Place, ...args: string[]): Promise<string> {
  return (await run(join(KIT, 'nodetool.sh'), [place.directory, ...args])).stdout;
}

export async function connect(place: Place): Promise<Client> {
  const client = new Client({
    contactPoints: [`127.0.0.1:${portOf(place)}`],
    localDataCenter: 'datacenter1',
    isMetadataSyncEnabled: false,
    protocolOptions: { maxVersion: types.protocolVersion.v4 },
    socketOptions: { readTimeout: 60_000 },
  });
  await client.connect();
  return client;
}

/** Rows of a SELECT JSON, as the server gives them. */
export async function selectJson(client: Client, cql: string): Promise<string[]> {
  const rows: string[] = [];
  let pageState: string | undefined;
  do {
    const page = await client.execute(cql, [], { fetchSize: 500, prepare: false, pageState });
    for (const row of page.rows) rows.push(row.get(0));
    pageState = page.pageState ?? undefined;
  } while (pageState !== undefined);
  return rows;
}

/** One run of an offline tool: the file for its output, its class and arguments. */
export type ToolJob = readonly [output: string, mainClass: string, ...args: string[]];

/** Runs offline tools in one JVM; the failed ones' lines. `place` gives them a stopped daemon's schema. */
export async function runTools(jobs: readonly ToolJob[], place?: Place): Promise<string[]> {
  const env = place === undefined ? process.env : { ...process.env, CASS_DIR: place.directory };
  const child = run(join(KIT, 'batch.sh'), [], { env, maxBuffer: 64 * 1024 * 1024, timeout: 900_000 });
  child.child.stdin?.end(`${jobs.map((job) => job.join('\t')).join('\n')}\n`);
  const { stdout } = await child.catch((error: { stdout: string }) => error);
  const lines = stdout.split('\n').filter((line) => line !== '');
  const failed = lines
    .filter((line) => !line.startsWith('0\t'))
    .map((line) => `${line} ${readFileSync(line.split('\t')[1], 'utf8').slice(-1000)}`);
  return lines.length < jobs.length ? [`${lines.length} of ${jobs.length} runs`, ...lines] : failed;
}
