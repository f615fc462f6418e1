import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../../src/storage/files/node-file-system.ts';
import { ClusteringPrefix, PrefixKind, readAll, type Slice, Step } from '../../../../src/storage/rows/index.ts';
import { openSSTable, type SSTableReader } from '../../../../src/storage/sstable/sstable-reader.ts';
import { writeSSTable } from '../../../../src/storage/sstable/write/write-sstable.ts';
import type { WriteVersion } from '../../../../src/storage/sstable/write/write-version.ts';
import { CORPUS as ROOT } from '../../../support/corpus.ts';
import { MemoryFileSystem } from '../../files/memory-file-system.ts';
import { prefixText, rowText, streamText } from '../../memtable/stream-text.ts';

/** Wide partitions, range tombstones across blocks, keys of many types and reversed ones. */
const TABLES = [
  'wide_rt',
  'wide_partition_table',
  'all_types_ck_a',
  'all_types_ck_b',
  'range_tombstones',
  'static_columns_table',
];

function tableFiles(): [string, string][] {
  if (!existsSync(ROOT)) return [];
  return readdirSync(join(ROOT, 'oa'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((keyspace) =>
      readdirSync(join(ROOT, 'oa', keyspace.name)).map((table) => join(ROOT, 'oa', keyspace.name, table)),
    )
    .filter((path) => TABLES.some((table) => path.includes(`/${table}-`)))
    .flatMap((path) =>
      readdirSync(path)
        .filter((name) => name.endsWith('-Data.db'))
        .map((name): [string, string] => [`${path.split('/').at(-1)}/${name}`, join(path, name)]),
    );
}

/** The same rows in blocks of a kilobyte, so that many partitions have an index. */
async function rewritten(source: SSTableReader, version: WriteVersion): Promise<SSTableReader> {
  const memory = new MemoryFileSystem();
  await memory.makeDirectory('/out');
  const stream = await source.stream(readAll);
  const { table } = source;
  const description = await writeSSTable(
    memory,
    {
      directory: '/out',
      id: '1',
      version,
      table,
      statics: table.statics,
      regulars: table.regulars,
      encodingStats: source.header.minima,
      estimatedKeys: source.estimatedKeys,
      columnIndexBytes: 1024,
    },
    stream,
  );
  stream.close();
  return openSSTable(memory, description?.dataPath ?? '', { table });
}

interface FoundRow {
  readonly clustering: ClusteringPrefix;
  readonly text: string;
}

async function allRows(reader: SSTableReader): Promise<FoundRow[]> {
  const stream = await reader.stream(readAll);
  const rows: FoundRow[] = [];
  for (let step = stream.next(); step !== Step.END; step = stream.next()) {
    if (step === Step.NEED_MORE) await stream.load();
    if (step !== Step.ROW) continue;
    const clustering = new ClusteringPrefix();
    clustering.copyFrom(stream.row.clustering);
    rows.push({ clustering, text: rowText(stream.row) });
  }
  stream.close();
  return rows;
}

/** A bound at some row: its values, or only the first of them. */
interface BoundChoice {
  readonly row: number;
  readonly size: number;
  readonly inclusive: boolean;
}

const choice: fc.Arbitrary<BoundChoice> = fc.record({ row: fc.nat(), size: fc.nat(), inclusive: fc.boolean() });

function boundOf(rows: readonly FoundRow[], { row, size, inclusive }: BoundChoice, isStart: boolean): ClusteringPrefix {
  const { clustering } = rows[row % rows.length];
  const valueCount = size % (clustering.size + 1);
  const isInclusive = inclusive || valueCount === 0;
  const kind = isStart
    ? isInclusive
      ? PrefixKind.INCLUSIVE_START_BOUND
      : PrefixKind.EXCLUSIVE_START_BOUND
    : isInclusive
      ? PrefixKind.INCLUSIVE_END_BOUND
      : PrefixKind.EXCLUSIVE_END_BOUND;
  const values = Array.from({ length: valueCount }, (_, i) => clustering.value(i));
  return ClusteringPrefix.of(kind, values);
}

const FILES = tableFiles();

describe.skipIf(FILES.length === 0)('slices through the index', () => {
  it('have tables to read', () => expect(FILES.length).toBeGreaterThan(5));

  it.each(FILES)(
    'of %s are the same in BIG and BTI, both ways, and have the rows between the bounds',
    async (_name, path) => {
      const source = await openSSTable(nodeFileSystem, path);
      const [big, bti] = [await rewritten(source, 'oa'), await rewritten(source, 'da')];
      const rows = await allRows(source);
      const { comparator } = source;
      if (rows.length > 0) {
        await fc.assert(
          fc.asyncProperty(choice, choice, async (first, second) => {
            const slice: Slice = { start: boundOf(rows, first, true), end: boundOf(rows, second, false) };
            if (slice.start.size > 0 && slice.end.size > 0 && comparator.compare(slice.start, slice.end) >= 0) return;
            const contains = ({ clustering }: FoundRow): boolean =>
              (slice.start.size === 0 || comparator.compare(clustering, slice.start) > 0) &&
              (slice.end.size === 0 || comparator.compare(clustering, slice.end) < 0);
            const expected = rows.filter(contains).map((row) => row.text);
            for (const reversed of [false, true]) {
              const range = { ...readAll, slices: [slice], reversed };
              const ours = await streamText(await bti.stream(range));
              expect(ours, `${prefixText(slice.start)} to ${prefixText(slice.end)}`).toEqual(
                await streamText(await big.stream(range)),
              );
              const found = ours.filter((line) => line.startsWith('row '));
              expect(found.sort()).toEqual(expected.slice().sort());
            }
          }),
          { numRuns: 40 },
        );
      }
      for (const reader of [source, big, bti]) reader.close();
    },
  );
});
