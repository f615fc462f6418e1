import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur3Token } from '../../../src/bytes/index.ts';
import { mergeStreams } from '../../../src/storage/merge/index.ts';
import { SSTableSource } from '../../../src/storage/read/index.ts';
import { NO_DELETION_TIME, NO_TTL } from '../../../src/storage/rows/index.ts';
import { MergeScan } from '../../../src/storage/scan/fast/merge-scan.ts';
import type { ScanOutput } from '../../../src/storage/scan/fast/open-segment.ts';
import { type ScanInput, SSTableRun, StreamInput } from '../../../src/storage/scan/fast/scan-input.ts';
import { newScanStatistics, type PushedFilter, type ScanRequest, StreamScan } from '../../../src/storage/scan/index.ts';
import { openSSTable } from '../../../src/storage/sstable/sstable-reader.ts';
import { writeSSTable } from '../../../src/storage/sstable/write/write-sstable.ts';
import { MemoryFileSystem } from '../files/memory-file-system.ts';
import { aSource } from '../merge/model-sources.ts';
import {
  intBytes,
  MAP_COLUMN,
  type ModelPartition,
  type ModelRow,
  modelTable,
  POSITIONS,
  toSpec,
} from '../merge/plain-model.ts';
import { ArrayStream } from '../support/array-stream.ts';
import { drainChecked } from '../support/drain-scan.ts';
import { request, values } from '../support/scan-rows.ts';
import { WRITER_OPTIONS } from '../support/writer-options.ts';

interface Source {
  readonly kind: 'sstable' | 'memtable';
  readonly partitions: readonly ModelPartition[];
  readonly version: 'nb' | 'oa' | 'da';
}

/** Long values, so that partitions are longer than the chunks. */
function pad(value: string): string {
  return value === '' ? '' : value.padEnd(300, '.');
}

function padded(partition: ModelPartition): ModelPartition {
  const rows = partition.rows.map(
    (row) => row && { ...row, cells: row.cells.map((cell) => ({ ...cell, value: pad(cell.value) })) },
  );
  return { ...partition, rows };
}

/** Without cells of these columns; rows that then have nothing are left out. */
function without(columns: readonly number[], partition: ModelPartition): ModelPartition {
  const rows = partition.rows.map((row) => {
    if (row === null) return null;
    const cells = row.cells.filter(({ column }) => !columns.includes(column));
    const mapDeletion = columns.includes(MAP_COLUMN) ? null : row.mapDeletion;
    const isEmpty = cells.length === 0 && mapDeletion === null && row.liveness === null && row.deletion === null;
    return isEmpty ? null : { ...row, cells, mapDeletion };
  });
  return { ...partition, rows };
}

const aScanSource: fc.Arbitrary<Source> = fc.record({
  kind: fc.constantFrom('sstable', 'sstable', 'sstable', 'memtable'),
  partitions: fc
    .tuple(aSource([1, 2, 3, 4, 5, 6, 7, 8]), fc.subarray([0, 1, MAP_COLUMN]))
    .map(([partitions, absent]) => partitions.map((partition) => without(absent, padded(partition)))),
  version: fc.constantFrom('nb', 'oa', 'da'),
});

const aRequest: fc.Arbitrary<ScanRequest> = fc
  .record({
    columns: fc
      .subarray([...modelTable.columns.values()])
      .chain((columns) => fc.shuffledSubarray(columns, { minLength: columns.length })),
    filter: fc.option(
      fc.record({
        column: fc.nat(6),
        operator: fc.constantFrom<PushedFilter['operator']>('=', '!=', '<', 'IS_NULL', 'IS_NOT_NULL'),
        operand: fc.constantFrom('', pad('a'), pad('b'), '\0\0\0\u0001'),
      }),
    ),
    rowLimit: fc.option(fc.integer({ min: 1, max: 12 })),
    nowSeconds: fc.constantFrom(0, 101, 102, 1000),
    strictLiveness: fc.boolean(),
    staticOnlyRows: fc.boolean(),
  })
  .map(({ columns, filter, nowSeconds, ...parts }) => {
    const filters = filter === null || columns.length === 0 ? [] : [pushed(filter, columns.length)];
    return request(modelTable, values(columns), nowSeconds, { ...parts, filters });
  });

function pushed(
  { column, operator, operand }: { column: number; operator: PushedFilter['operator']; operand: string },
  columns: number,
): PushedFilter {
  const operands = operator.startsWith('IS') ? [] : [Uint8Array.from(Buffer.from(operand))];
  return { column: column % columns, operator, operands };
}

/** The source as an SSTable whose header has no column that no row of it has a cell of; null when nothing is in it. */
async function written({ partitions, version }: Source): Promise<SSTableSource | null> {
  const memory = new MemoryFileSystem();
  await memory.makeDirectory('/out');
  const used = new Set(partitions.flatMap(({ rows }) => rows.flatMap((row) => row?.cells.map((c) => c.column) ?? [])));
  const mapsDeleted = partitions.some(({ rows }) => rows.some((row) => row !== null && row.mapDeletion !== null));
  const regulars = modelTable.regulars.filter(
    ({ position }) => used.has(position) || (mapsDeleted && position === MAP_COLUMN),
  );
  const options = {
    ...WRITER_OPTIONS,
    id: version === 'nb' ? '1' : '3h5p_02zj_0c03k29evwsttol6qk',
    version,
    table: modelTable,
    statics: partitions.some(({ staticRow }) => staticRow !== null) ? modelTable.statics : [],
    regulars,
  };
  const stream = new ArrayStream(modelTable, partitions.map(toSpec), false, 0);
  const description = await writeSSTable(memory, options, stream);
  if (description === null) return null;
  return new SSTableSource(await openSSTable(memory, description.dataPath, { table: modelTable }));
}

describe('MergeScan and StreamScan agree', () => {
  it('on any sources, in windows that cut every partition', async () => {
    let merged = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(aScanSource, { minLength: 2, maxLength: 4 }),
        aRequest,
        fc.constantFrom(1, 64 * 1024),
        async (sources, asked, windowBytes) => {
          const sstables = await Promise.all(
            sources.map((source) => (source.kind === 'sstable' ? written(source) : null)),
          );
          const segments = sstables.map((source) => source?.segment(asked, newScanStatistics()) ?? null);
          if (sstables.some((source, i) => source !== null && segments[i] === null)) return;
          const streamOf = ({ partitions }: Source, every: number): ArrayStream =>
            new ArrayStream(modelTable, partitions.map(toSpec), false, every);
          const general = (): StreamScan =>
            new StreamScan(
              asked,
              async () => mergeStreams(sources.map((source) => streamOf(source, 0))),
              newScanStatistics(),
            );
          const scan = (): MergeScan =>
            new MergeScan(
              asked,
              async (output) =>
                sources.flatMap((source, i): ScanInput[] => {
                  if (source.kind === 'memtable') return [new StreamInput(streamOf(source, i))];
                  const segment = segments[i];
                  return segment === null ? [] : [new SSTableRun([segment], output, windowBytes)];
                }),
              newScanStatistics(),
            );
          expect(await drainChecked(scan())).toEqual(await drainChecked(general()));
          if (asked.rowLimit === null && asked.filters.length === 0) {
            expect(await scan().countRows()).toBe(await general().countRows());
          }
          merged++;
          for (const source of sstables) source?.reader.close();
        },
      ),
      { numRuns: 300 },
    );
    expect(merged).toBeGreaterThan(100);
  });

  it("where a refused row left a value of a column that the next row's file does not have", async () => {
    const [first, second, third] = [1, 2, 3].sort((a, b) => tokenOf(a) - tokenOf(b));
    const withoutW = [first, second, third].map((key) => onePartition(key, [[0, key === second ? 'b' : 'a']]));
    const withW = [onePartition(second, [[1, 'a']])];
    const sources = [withoutW, withW].map((partitions): Source => ({ kind: 'sstable', partitions, version: 'nb' }));
    const columns = values(modelTable.regulars);
    const filters = [pushed({ column: 0, operator: '=', operand: 'a' }, columns.length)];
    const asked = request(modelTable, columns, 0, { filters });
    const sstables = await Promise.all(sources.map(written));
    const segments = sstables.map((source) => source?.segment(asked, newScanStatistics()) ?? null);
    const runsOf = async (output: ScanOutput): Promise<ScanInput[]> =>
      segments.flatMap((segment) => (segment === null ? [] : [new SSTableRun([segment], output, 64 * 1024)]));
    const rows = await drainChecked(new MergeScan(asked, runsOf, newScanStatistics()));
    expect(rows.map((row) => row.split(' ').slice(2))).toEqual([
      ['61', 'null', 'null'],
      ['61', 'null', 'null'],
    ]);
  });
});

function tokenOf(key: number): number {
  return murmur3Token(intBytes(key)).hi;
}

/** A partition of one row with these cells. */
function onePartition(key: number, cells: readonly (readonly [column: number, value: string])[]): ModelPartition {
  const life = { timestamp: 1, ttl: NO_TTL, localSeconds: NO_DELETION_TIME };
  const row: ModelRow = {
    liveness: life,
    deletion: null,
    mapDeletion: null,
    cells: cells.map(([column, value]) => ({ column, path: null, value, ...life })),
  };
  const place = POSITIONS.findIndex(({ side }) => side === 0);
  const rows = POSITIONS.map((_, p) => (p === place ? row : null));
  return { key, deletion: null, ranges: POSITIONS.map(() => null), staticRow: null, rows };
}
