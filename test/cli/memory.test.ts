import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { murmur3Token } from '../../src/bytes/index.ts';
import { defineTable } from '../../src/schema/model/index.ts';
import { nodeFileSystem } from '../../src/storage/files/index.ts';
import { ClusteringPrefix, DeletionTime, NO_DELETION_TIME, PrefixKind, Row } from '../../src/storage/rows/index.ts';
import { noEncodingStats } from '../../src/storage/sstable/write/encoding-stats.ts';
import { SSTableWriter } from '../../src/storage/sstable/write/sstable-writer.ts';

const ROOT = join(import.meta.dirname, '../..');
const MIB = 1024 * 1024;
const MAX_RESIDENT_MIB = 200;
/**
 * Prints the most that the process ever held, in KiB, as its last line. Linux's `maxRSS` begins with what the parent held
 * when it forked (a vitest worker: 220 MiB), so where there is /proc the high-water mark of the process image counts.
 */
const MEASURE = `data:text/javascript,import{existsSync,readFileSync}from'node:fs';
const status='/proc/self/status';
const peak=()=>existsSync(status)?/VmHWM:\\s*(\\d+)/.exec(readFileSync(status,'utf8'))[1]:process.resourceUsage().maxRSS;
process.on('exit',()=>process.stderr.write('\\n'+peak()))`;

const ID = '0'.repeat(31).concat('1');
const SCHEMA =
  "CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};" +
  'CREATE TABLE ks.t (k int, c int, v blob, PRIMARY KEY (k, c));';
const table = defineTable({
  keyspace: 'ks',
  name: 't',
  id: ID,
  columns: [
    { name: 'k', kind: 'partition_key', type: { kind: 'native', name: 'int' } },
    { name: 'c', kind: 'clustering', type: { kind: 'native', name: 'int' } },
    { name: 'v', kind: 'regular', type: { kind: 'native', name: 'blob' } },
  ],
});

interface Shape {
  readonly name: string;
  readonly partitions: number;
  readonly rowsEach: number;
  readonly valueBytes: number;
}

const SHAPES: readonly Shape[] = [
  { name: 'a partition of 50 MB', partitions: 1, rowsEach: 50_000, valueBytes: 1024 },
  { name: 'blobs, 100 MB of them', partitions: 100, rowsEach: 1, valueBytes: MIB },
];

describe.each(SHAPES)('$name', (shape) => {
  let directory = '';

  beforeAll(async () => {
    execFileSync(process.execPath, ['build.mjs', '--quiet'], { cwd: ROOT });
    directory = mkdtempSync(join(tmpdir(), 'cassette-memory-'));
    await write(directory, shape);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each([
    ['SELECT *', ['--format', 'jsonl', '-e', 'SELECT * FROM ks.t']],
    ['count', ['-e', 'SELECT count(*) FROM ks.t']],
    ['a filter', ['-e', 'SELECT c FROM ks.t WHERE v = 0x00 ALLOW FILTERING']],
    ['backward', ['--format', 'jsonl', '-e', 'SELECT * FROM ks.t WHERE k = 0 ORDER BY c DESC']],
  ])('%s streams', (_, args) => expect(residentMiB([directory, ...args])).toBeLessThan(MAX_RESIDENT_MIB));

  it.each(['table', 'expanded', 'csv', 'insert'])('SELECT * as %s streams', (format) => {
    expect(residentMiB([directory, '--format', format, '-e', 'SELECT * FROM ks.t'])).toBeLessThan(MAX_RESIDENT_MIB);
  });

  it.each(['parquet', 'arrow'])('SELECT * as a %s file streams', (format) => {
    const file = ['--format', format, '--output', join(directory, `rows.${format}`)];
    expect(residentMiB([directory, ...file, '-e', 'SELECT * FROM ks.t'])).toBeLessThan(MAX_RESIDENT_MIB);
  });

  it.each(['dump', 'verify'])('%s streams', (command) => {
    expect(residentMiB([command, directory])).toBeLessThan(MAX_RESIDENT_MIB);
  });
});

describe('a script of 100 MB', () => {
  let directory = '';
  let script = '';

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'cassette-memory-'));
    script = join(directory, 'script.cql');
    writeScript(script, 100 * MIB);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('streams from standard input, and its overwritten rows take no room', () => {
    const args = [join(directory, 'db'), '--durability', 'periodic', '-f', '-'];
    const stdin = openSync(script, 'r');
    try {
      expect(residentMiB(args, stdin)).toBeLessThan(MAX_RESIDENT_MIB);
    } finally {
      closeSync(stdin);
    }
  });
});

/** INSERTs over a thousand keys, with values of 900 bytes. */
function writeScript(path: string, bytes: number): void {
  const file = openSync(path, 'w');
  writeSync(file, SCHEMA);
  let written = 0;
  for (let n = 0; written < bytes; ) {
    let text = '';
    for (const end = n + 1000; n < end; n++) {
      text += `INSERT INTO ks.t (k, c, v) VALUES (${n % 1000}, 0, 0x${n.toString(16).padStart(900, '0')});\n`;
    }
    written += writeSync(file, text);
  }
  closeSync(file);
}

describe('300,000 partitions of a row', () => {
  let directory = '';

  beforeAll(async () => {
    execFileSync(process.execPath, ['build.mjs', '--quiet'], { cwd: ROOT });
    directory = mkdtempSync(join(tmpdir(), 'cassette-memory-'));
    await write(directory, { name: '', partitions: 300_000, rowsEach: 1, valueBytes: 128 });
  }, 60_000);
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each([
    'SELECT * FROM ks.t',
    'SELECT k, c FROM ks.t ORDER BY v',
    'SELECT DISTINCT v FROM ks.t',
    'SELECT count(DISTINCT v) FROM ks.t',
  ])('%s takes little memory', (cql) => {
    expect(residentMiB([directory, '--format', 'jsonl', '-e', cql])).toBeLessThan(MAX_RESIDENT_MIB);
  });

  it.each([[[]], [['-l']], [['-d']], [['-e']]])('dump %s streams', (options) => {
    expect(residentMiB(['dump', ...options, directory])).toBeLessThan(MAX_RESIDENT_MIB);
  });
});

/** Runs the built command, throws its output away, and returns what it held at most. */
function residentMiB(args: readonly string[], stdin: number | 'ignore' = 'ignore'): number {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', MEASURE, join(ROOT, 'bin/cassette.js'), ...args],
    { stdio: [stdin, 'ignore', 'pipe'], encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  return Number(stderr.slice(stderr.lastIndexOf('\n') + 1)) / 1024;
}

/** Values that do not compress: Data.db is as large as what it holds. */
async function write(root: string, { partitions, rowsEach, valueBytes }: Shape): Promise<void> {
  const home = join(root, 'ks', `t-${ID}`);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(root, 'schema.cql'), SCHEMA);
  const writer = await SSTableWriter.open(nodeFileSystem, {
    directory: home,
    id: '1',
    version: 'nb',
    table,
    statics: [],
    regulars: table.regulars,
    encodingStats: noEncodingStats,
    estimatedKeys: partitions,
  });
  const keys = Array.from({ length: partitions }, (_, k) => {
    const key = int(k);
    return { key, token: murmur3Token(key) };
  });
  keys.sort((a, b) => a.token.hi - b.token.hi || (a.token.lo >>> 0) - (b.token.lo >>> 0));
  const row = new Row();
  const live = new DeletionTime();
  for (const { key, token } of keys) {
    writer.startPartition(key, 0, key.length, token.hi, token.lo, live);
    for (let c = 0; c < rowsEach; c++) {
      const value = noise(`${key.readInt32BE()}/${c}`, valueBytes);
      row.clear(false);
      row.clustering.copyFrom(ClusteringPrefix.of(PrefixKind.CLUSTERING, [int(c)]));
      row.addCell(0, 0, 1, 0, NO_DELETION_TIME, value, 0, value.length, -1, -1);
      writer.addRow(row);
    }
    writer.endPartition();
  }
  await writer.finish();
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** Bytes that a seed gives, by a hash of it that is stretched. */
function noise(seed: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(seed).digest();
}
