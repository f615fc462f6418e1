import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { murmur3Token } from '../../../../src/bytes/index.ts';
import { CorruptionError } from '../../../../src/errors/index.ts';
import { defineTable } from '../../../../src/schema/model/index.ts';
import {
  ClusteringPrefix,
  DeletionTime,
  NO_DELETION_TIME,
  PrefixKind,
  Row,
} from '../../../../src/storage/rows/index.ts';
import { openBtiPartitionIndex } from '../../../../src/storage/sstable/bti/bti-partition-index.ts';
import { noEncodingStats } from '../../../../src/storage/sstable/write/encoding-stats.ts';
import { SSTableWriter } from '../../../../src/storage/sstable/write/sstable-writer.ts';
import { MemoryFileSystem } from '../../files/memory-file-system.ts';
import { uncompressedData } from '../uncompressed-data.ts';

const int = { kind: 'native', name: 'int' } as const;
const table = defineTable({
  keyspace: 'k',
  name: 't',
  id: '0'.repeat(32),
  columns: [
    { name: 'key', kind: 'partition_key', type: int },
    { name: 'c', kind: 'clustering', type: int },
    { name: 'v', kind: 'regular', type: int },
  ],
});

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const PARTITIONS = 300;
const keys = Array.from({ length: PARTITIONS }, (_, i) => int32(i))
  .map((key) => ({ key, token: murmur3Token(key) }))
  .sort((a, b) => a.token.hi - b.token.hi || (a.token.lo >>> 0) - (b.token.lo >>> 0));

const memory = new MemoryFileSystem();
let data: Buffer;

/** Every tenth partition has 200 rows in blocks of 256 bytes, the others one. */
async function writeTable(): Promise<void> {
  await memory.makeDirectory('/d');
  const writer = await SSTableWriter.open(memory, {
    directory: '/d',
    id: '1',
    version: 'da',
    table,
    statics: [],
    regulars: table.regulars,
    encodingStats: noEncodingStats,
    estimatedKeys: PARTITIONS,
    columnIndexBytes: 256,
  });
  const row = new Row();
  const live = new DeletionTime();
  keys.forEach(({ key, token }, i) => {
    writer.startPartition(key, 0, 4, token.hi, token.lo, live);
    for (let c = 0; c < (i % 10 === 0 ? 200 : 1); c++) {
      const value = int32(c * 1000);
      row.clear(false);
      row.clustering.reset(PrefixKind.CLUSTERING, 1, value);
      row.clustering.start[0] = 0;
      row.clustering.end[0] = 4;
      row.addCell(0, 1, c, 0, NO_DELETION_TIME, value, 0, 4, -1, -1);
      writer.addRow(row);
    }
    writer.endPartition();
  });
  await writer.finish();
  data = uncompressedData('/d/da-1-bti-Data.db', memory);
}

const readKey = (position: number): Uint8Array => {
  if (position + 6 > data.length) throw new CorruptionError('key is cut off');
  return data.subarray(position + 2, position + 6);
};

/** Uses all that an index can do; what it says is not looked at. */
function exercise(files: MemoryFileSystem): number {
  const index = openBtiPartitionIndex(
    (path) => files.openSync(path),
    { partitions: '/d/da-1-bti-Partitions.db', rows: '/d/da-1-bti-Rows.db' },
    table.clustering,
    readKey,
    data.length,
  );
  let blocks = 0;
  for (const { rowIndex } of index.entries()) {
    const cursor = rowIndex?.cursor();
    if (cursor === undefined) continue;
    cursor.seekLast();
    do blocks++;
    while (blocks < 100_000 && cursor.previous());
    cursor.seek(ClusteringPrefix.of(PrefixKind.INCLUSIVE_START_BOUND, [int32(77_000)]));
    cursor.next();
  }
  for (const _ of index.entriesBackward()) blocks++;
  for (const { key, token } of keys) {
    index.find({ key, token });
    index.ceiling({ key, token, side: 'after' });
  }
  return blocks;
}

describe('a damaged BTI index', () => {
  beforeAll(writeTable);

  it('undamaged, has the blocks and keys that were written', () => {
    // Blocks of 256 bytes hold at least 10 and at most 24 rows of 200.
    const blocks = exercise(memory) - PARTITIONS;
    expect(blocks).toBeGreaterThan((PARTITIONS / 10) * 8);
    expect(blocks).toBeLessThan((PARTITIONS / 10) * 20 + PARTITIONS);
  });

  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  it.each(['da-1-bti-Partitions.db', 'da-1-bti-Rows.db'])(
    '%s: ends in an answer or a CorruptionError',
    async (name) => {
      const original = memory.readFileSync(`/d/${name}`);
      await fc.assert(
        fc.asyncProperty(edits, fc.option(fc.nat()), async (changes, cut) => {
          const bytes = Buffer.from(original);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const file = await memory.open(`/d/${name}`, 'create');
          file.writeSync(cut === null ? bytes : bytes.subarray(0, cut % bytes.length));
          try {
            exercise(memory);
          } catch (error) {
            expect(error).toBeInstanceOf(CorruptionError);
          }
        }),
        { numRuns: 150 },
      );
      const file = await memory.open(`/d/${name}`, 'create');
      file.writeSync(original);
    },
  );
});
