// The scan alone, in this process and on one thread: what decompressing, counting, decoding three and all columns of a
// million rows cost. Each line is the best and the median of several passes, the first ones left out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { median, perfData, root } from './peers.mjs';

const ENTRY = `
export { nodeFileSystem } from './src/storage/files/index.ts';
export { DirectoryReader, discover } from './src/storage/read/index.ts';
export { readAll } from './src/storage/rows/index.ts';
export { newReadCounters } from './src/storage/sstable/data/read-counters.ts';
export { openSSTableSync } from './src/storage/sstable/sstable-reader.ts';
export { float64At, int32At } from './src/bytes/index.ts';
export { schemaOf } from './test/storage/support/corpus.ts';
export { findTable } from './src/schema/model/index.ts';
`;
const PASSES = 9;
const WARM_UP = 3;

export default async function bench() {
  const storage = await bundle();
  const schema = storage.schemaOf(readFileSync(join(perfData(), 'schema.cql'), 'utf8'));
  const directory = join(perfData(), 'perf/users');
  const reader = new storage.DirectoryReader(
    storage.discover([directory], storage.nodeFileSystem),
    storage.nodeFileSystem,
  );
  const table = storage.findTable(schema, 'perf', 'users');
  const source = reader.open(table);
  const path = storage.discover([directory], storage.nodeFileSystem).tables[0].dataFiles[0];
  const scan = (names, filters = []) =>
    source.scan({
      table,
      range: storage.readAll,
      columns: names.map((name) => ({ column: table.columns.get(name), wanted: 'value' })),
      filters,
      nowSeconds: 1_796_000_000,
      rowLimit: null,
      perPartitionLimit: null,
      distinctPartitions: false,
      staticOnlyRows: true,
    });
  const decompressed = await time('decompress and check CRCs', () => decompress(storage, path));
  await time('count(*)', () => scan([]).countRows(), decompressed);
  const french = [{ column: 2, operator: '=', operands: [Buffer.from('fr')] }];
  await time(
    'filter on text, sum(int), max(double)',
    () => aggregate(storage, scan(['age', 'score', 'country'], french)),
    decompressed,
  );
  await time('sum(int), max(double)', () => aggregate(storage, scan(['age', 'score'])), decompressed);
  await time('all 8 columns', () => drain(scan([...table.columns.keys()])), decompressed);
  console.log(`resident ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
  reader.close();
}

async function bundle() {
  const outfile = join(root, 'tmp/scan-decode-bench.mjs');
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

async function time(name, run, less = 0) {
  const passes = [];
  let result;
  for (let pass = 0; pass < PASSES; pass++) {
    const started = performance.now();
    result = await run();
    if (pass >= WARM_UP) passes.push(performance.now() - started);
  }
  const best = Math.min(...passes);
  const apart = less === 0 ? '' : `   without decompressing ${(best - less).toFixed(0)} ms`;
  console.log(
    `${name.padEnd(40)} best ${best.toFixed(0).padStart(4)} ms, median ${median(passes).toFixed(0).padStart(4)} ms${apart}   ${JSON.stringify(result)}`,
  );
  return best;
}

async function decompress(storage, path) {
  const sstable = storage.openSSTableSync(storage.nodeFileSystem, path);
  const window = sstable.window(storage.newReadCounters(), true);
  let position = 0;
  while (position < sstable.dataLength) {
    await window.load(position, 1);
    position = window.origin + window.end;
  }
  sstable.close();
  return position;
}

async function aggregate(storage, stream) {
  let rows = 0;
  let sum = 0;
  let max = Number.NEGATIVE_INFINITY;
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
    const [ages, scores] = batch.columns;
    for (let i = 0; i < batch.length; i++) {
      if (!ages.isNull(i)) sum += storage.int32At(ages.source[i], ages.start[i]);
      if (!scores.isNull(i)) max = Math.max(max, storage.float64At(scores.source[i], scores.start[i]));
    }
    rows += batch.length;
  }
  return [rows, sum, max];
}

async function drain(stream) {
  let rows = 0;
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) rows += batch.length;
  return rows;
}
