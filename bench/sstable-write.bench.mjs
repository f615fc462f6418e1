// SSTable writing on one thread, beside Cassandra's CQLSSTableWriter on the same presorted tables in the same run. Ours
// reads its rows from the SSTables that the peer has just written, and reading is counted too.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { median, oracle, root } from './peers.mjs';

const ROWS = 1_000_000;
const PASSES = 5;
const ENTRY = `
export { nodeFileSystem, openSSTable, readAll, writeSSTable } from './src/storage/sstable/index.ts';
`;

export default async function bench() {
  const directory = mkdtempSync(join(tmpdir(), 'cassette-sstable-write-'));
  try {
    const peer = spawnSync(join(oracle, 'perf-data.sh'), [directory, String(ROWS)], { encoding: 'utf8' });
    if (peer.status !== 0) throw new Error(`${oracle}/perf-data.sh failed; the bench needs the oracle`);
    const sstables = await bundle();
    for (const table of ['events', 'users']) {
      const seconds = Number(new RegExp(`^${table} \\d+ rows ([0-9.]+)s`, 'm').exec(peer.stdout)?.[1]);
      console.log(`perf.${table}: CQLSSTableWriter ${rate(ROWS / seconds)}`);
      for (const version of ['nb', 'oa', 'da']) await rewrite(sstables, directory, table, version, ROWS / seconds);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function rewrite(sstables, directory, table, version, peerRate) {
  const source = join(directory, 'perf', table);
  const data = join(
    source,
    readdirSync(source).find((name) => name.endsWith('-Data.db')),
  );
  const out = join(directory, `${table}-${version}`);
  mkdirSync(out);
  const seconds = [];
  let megabytes = 0;
  for (let pass = 0; pass <= PASSES; pass++) {
    const reader = await sstables.openSSTable(sstables.nodeFileSystem, data);
    const started = performance.now();
    const stream = await reader.stream(sstables.readAll);
    const options = {
      directory: out,
      id: String(pass + 1),
      version,
      table: reader.table,
      statics: reader.table.statics,
      regulars: reader.table.regulars,
      encodingStats: reader.header.minima,
      estimatedKeys: reader.estimatedKeys,
    };
    const written = await sstables.writeSSTable(sstables.nodeFileSystem, options, stream);
    if (pass > 0) seconds.push((performance.now() - started) / 1000);
    megabytes = written.uncompressedBytes / 1e6;
    stream.close();
    reader.close();
  }
  const middle = median(seconds);
  console.log(
    `  ${version}, read and written  ${rate(ROWS / middle)}, ${(megabytes / middle).toFixed(0)} MB/s uncompressed, ` +
      `${(ROWS / middle / peerRate).toFixed(1)} times the peer; resident ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
  );
}

function rate(rowsPerSecond) {
  return `${Math.round(rowsPerSecond / 1000)},000 rows/s`;
}

async function bundle() {
  const outfile = join(root, 'tmp/sstable-write-bench.mjs');
  await build({
    stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outfile,
    logLevel: 'warning',
  });
  return import(`${outfile}?${Date.now()}`);
}
