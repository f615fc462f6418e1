import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defineTable } from '../../../src/schema/model/index.ts';
import { mergeStreams } from '../../../src/storage/merge/index.ts';
import { SSTableSource } from '../../../src/storage/read/index.ts';
import { PrefixKind } from '../../../src/storage/rows/index.ts';
import { MergeScan } from '../../../src/storage/scan/fast/merge-scan.ts';
import type { ScanOutput } from '../../../src/storage/scan/fast/open-segment.ts';
import { type ScanInput, SSTableRun } from '../../../src/storage/scan/fast/scan-input.ts';
import { newScanStatistics, type ScanRequest, StreamScan } from '../../../src/storage/scan/index.ts';
import { openSSTable } from '../../../src/storage/sstable/sstable-reader.ts';
import { writeSSTable } from '../../../src/storage/sstable/write/write-sstable.ts';
import { MemoryFileSystem } from '../files/memory-file-system.ts';
import { intBytes } from '../merge/plain-model.ts';
import { ArrayStream, type MarkerSpec, type PartitionSpec, type RowSpec } from '../support/array-stream.ts';
import { drainChecked } from '../support/drain-scan.ts';
import { request, values } from '../support/scan-rows.ts';
import { WRITER_OPTIONS } from '../support/writer-options.ts';

const wideTable = defineTable({
  keyspace: 'ks',
  name: 'wide',
  id: '1'.repeat(32),
  columns: [
    { name: 'pk', kind: 'partition_key', type: { kind: 'native', name: 'int' } },
    { name: 'c', kind: 'clustering', type: { kind: 'native', name: 'int' } },
    { name: 's', kind: 'static', type: { kind: 'native', name: 'text' } },
    { name: 'v', kind: 'regular', type: { kind: 'native', name: 'text' } },
    { name: 'w', kind: 'regular', type: { kind: 'native', name: 'text' } },
  ],
});

/** What one source says of one place of a partition's clustering order. */
type Place = { readonly kind: 'row' | 'deleted'; readonly timestamp: number } | null;

const PLACES = 60;

/** Runs of rows and of deleted places, the later over the earlier. */
const somePlaces: fc.Arbitrary<Place[]> = fc
  .array(
    fc.record({
      from: fc.nat(PLACES - 1),
      length: fc.integer({ min: 1, max: 20 }),
      kind: fc.constantFrom('row', 'row', 'row', 'deleted'),
      timestamp: fc.integer({ min: 1, max: 5 }),
    }),
    { maxLength: 4 },
  )
  .map((runs) => {
    const places: Place[] = Array.from({ length: PLACES }, () => null);
    for (const { from, length, kind, timestamp } of runs) places.fill({ kind, timestamp }, from, from + length);
    return places;
  });

/** Null most of the time. */
function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

const aWidePartition = (key: number): fc.Arbitrary<PartitionSpec> =>
  fc
    .record({
      places: somePlaces,
      deletion: rarely(fc.integer({ min: 1, max: 5 })),
      staticAt: fc.option(fc.integer({ min: 6, max: 8 }), { freq: 2 }),
      columns: fc.subarray([0, 1]),
    })
    .map(({ places, deletion, staticAt, columns }) => ({
      key: intBytes(key),
      ...(deletion === null ? {} : { deletion: { timestamp: deletion, localSeconds: 100 } }),
      elements: [
        ...(staticAt === null ? [] : [textRow(null, staticAt, [0])]),
        ...wideElements(places, deletion ?? 0, columns),
      ],
    }));

function textRow(place: number | null, timestamp: number, columns: readonly number[]): RowSpec {
  return {
    kind: 'row',
    clustering: place === null ? null : [intBytes(place)],
    ...(place === null ? {} : { liveness: { timestamp } }),
    cells: columns.map((column) => ({ column, timestamp, value: Buffer.from(`${place} at ${timestamp}`.padEnd(90)) })),
  };
}

function wideElements(
  places: readonly Place[],
  deletedAt: number,
  columns: readonly number[],
): PartitionSpec['elements'] {
  const elements: PartitionSpec['elements'][number][] = [];
  const mark = (bound: number, at: number, sides: Partial<MarkerSpec>): void => {
    elements.push({ kind: 'marker', bound, values: [intBytes(at)], ...sides });
  };
  let open: Place = null;
  for (let at = 0; at <= PLACES; at++) {
    const place = at < PLACES ? places[at] : null;
    const deletes = place?.kind === 'deleted' && place.timestamp > deletedAt ? place : null;
    if (open !== null && deletes?.timestamp !== open.timestamp) {
      mark(PrefixKind.INCLUSIVE_END_BOUND, at - 1, { closing: { timestamp: open.timestamp, localSeconds: 100 } });
      open = null;
    }
    if (deletes !== null && open === null) {
      mark(PrefixKind.INCLUSIVE_START_BOUND, at, { opening: { timestamp: deletes.timestamp, localSeconds: 100 } });
      open = deletes;
    }
    if (place?.kind === 'row' && place.timestamp > deletedAt) elements.push(textRow(at, place.timestamp, columns));
  }
  return elements;
}

async function writtenWide(partitions: readonly PartitionSpec[]): Promise<SSTableSource | null> {
  const memory = new MemoryFileSystem();
  await memory.makeDirectory('/out');
  const stream = new ArrayStream(wideTable, partitions, false, 0);
  const description = await writeSSTable(
    memory,
    {
      ...WRITER_OPTIONS,
      version: 'nb',
      id: '1',
      table: wideTable,
      statics: wideTable.statics,
      regulars: wideTable.regulars,
    },
    stream,
  );
  if (description === null) return null;
  return new SSTableSource(await openSSTable(memory, description.dataPath, { table: wideTable }));
}

function mergeScanOf(sstables: readonly (SSTableSource | null)[], asked: ScanRequest, windowBytes: number): MergeScan {
  const runsOf = async (output: ScanOutput): Promise<ScanInput[]> =>
    sstables.flatMap((source) => {
      const segment = source?.segment(asked, newScanStatistics()) ?? null;
      return segment === null ? [] : [new SSTableRun([segment], output, windowBytes)];
    });
  return new MergeScan(asked, runsOf, newScanStatistics());
}

/** The decoder reads the rows that one source has before the next element of any other. */
it('MergeScan and StreamScan agree where rows of one source stand together in partitions of several', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(aWidePartition(1), aWidePartition(2)), { minLength: 2, maxLength: 4 }),
      fc.subarray([...wideTable.columns.values()]),
      rarely(fc.integer({ min: 1, max: 90 })),
      fc.constantFrom(1, 64 * 1024),
      async (sources, columns, rowLimit, windowBytes) => {
        const sstables = (await Promise.all(sources.map(writtenWide))).filter((source) => source !== null);
        if (sstables.length === 0) return;
        const asked = request(wideTable, values(columns), 0, { rowLimit });
        const general = (): StreamScan =>
          new StreamScan(
            asked,
            async () => mergeStreams(await Promise.all(sstables.map((source) => source.stream(asked.range)))),
            newScanStatistics(),
          );
        const scan = (): MergeScan => mergeScanOf(sstables, asked, windowBytes);
        expect(await drainChecked(scan())).toEqual(await drainChecked(general()));
        if (rowLimit === null) expect(await scan().countRows()).toBe(await general().countRows());
        for (const { reader } of sstables) reader.close();
      },
    ),
    { numRuns: 300 },
  );
});

it.each([
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
])('waits for what stands behind a static row, which has no place among bounds and rows', async (...order) => {
  const rows = (...places: number[]): RowSpec[] => places.map((place) => textRow(place, 1, [0]));
  const deleted = wideElements(
    Array.from({ length: PLACES }, (_, at) => (at === 9 ? { kind: 'deleted', timestamp: 1 } : null)),
    0,
    [],
  );
  const sources = [[textRow(null, 6, [0]), ...rows(0)], deleted, rows(0, 1, 2, 3, 4, 5)];
  const sstables = await Promise.all(
    order.map((i) => sources[i]).map((elements) => writtenWide([{ key: intBytes(1), elements }])),
  );
  const asked = request(wideTable, values(wideTable.clustering), 0);
  const found = await drainChecked(mergeScanOf(sstables, asked, 64 * 1024));
  expect(found.map((row) => row.split(' ')[2])).toEqual(
    [0, 1, 2, 3, 4, 5].map((place) => Buffer.from(intBytes(place)).toString('hex')),
  );
});
