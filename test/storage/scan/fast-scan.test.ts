import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { findTable, type TableMetadata } from '../../../src/schema/model/index.ts';
import { nodeFileSystem } from '../../../src/storage/files/index.ts';
import { SSTableSource } from '../../../src/storage/read/index.ts';
import { FastScan } from '../../../src/storage/scan/fast/fast-scan.ts';
import type { ScanSegment } from '../../../src/storage/scan/fast/open-segment.ts';
import {
  type BatchStream,
  newScanStatistics,
  type PushedFilter,
  type ScanRequest,
  StreamScan,
} from '../../../src/storage/scan/index.ts';
import { openSSTableSync, type SSTableReader } from '../../../src/storage/sstable/sstable-reader.ts';
import { CORPUS_NOW_SECONDS, corpusDirectories, corpusSchema, FORMATS } from '../support/corpus.ts';
import { request, values } from '../support/scan-rows.ts';

interface Opened {
  readonly name: string;
  readonly reader: SSTableReader;
}

function sstablesOf(format: string): Opened[] {
  const schema = corpusSchema(format);
  return corpusDirectories(format).flatMap((directory) => {
    const table = findTable(schema, basename(dirname(directory)), basename(directory).replace(/-[0-9a-f]{32}$/, ''));
    return readdirSync(directory)
      .filter((name) => name.endsWith('-Data.db'))
      .map((name) => ({
        name: `${basename(directory)}/${name}`,
        reader: openSSTableSync(nodeFileSystem, join(directory, name), { table }),
      }));
  });
}

/** Rows as text, with their token and the number of their partition. */
async function drain(scan: BatchStream): Promise<string[]> {
  const rows: string[] = [];
  for (let batch = await scan.next(); batch !== null; batch = await scan.next()) {
    for (let i = 0; i < batch.length; i++) {
      const cells = batch.columns.map((vector) => {
        const value = vector.value(i);
        return value === null ? 'null' : Buffer.from(value).toString('hex');
      });
      rows.push([batch.tokenHi[i], batch.tokenLo[i], ...cells].join(' '));
    }
  }
  return rows;
}

/** Windows so small that every partition and many rows are cut. */
function inSmallWindows(segment: ScanSegment, reader: SSTableReader): ScanSegment {
  return { ...segment, openWindow: () => reader.window(newScanStatistics(), true, 1) };
}

/** A filter by a value that some row has. */
interface ValueFilterChoice {
  readonly column: number;
  readonly operator: PushedFilter['operator'];
  readonly row: number;
}

const aValueFilter: fc.Arbitrary<ValueFilterChoice> = fc.record({
  column: fc.nat(20),
  operator: fc.constantFrom<PushedFilter['operator']>('=', '!=', '<', '<=', '>', '>=', 'IN'),
  row: fc.nat(500),
});

/** Rows as `drain` gives them: where the value is that a filter is by. */
function withValueFilter(asked: ScanRequest, choice: ValueFilterChoice | null, rows: readonly string[]): ScanRequest {
  if (choice === null || asked.columns.length === 0 || rows.length === 0) return asked;
  const column = choice.column % asked.columns.length;
  const value = rows[choice.row % rows.length].split(' ')[2 + column];
  const operands = value === 'null' ? [] : [Uint8Array.from(Buffer.from(value, 'hex'))];
  const filter = { column, operator: operands.length === 0 ? 'IS_NULL' : choice.operator, operands } as const;
  return { ...asked, filters: [...asked.filters, filter] };
}

function aRequest(table: TableMetadata): fc.Arbitrary<ScanRequest> {
  return fc.subarray([...table.columns.values()], { minLength: 0 }).chain((columns) =>
    fc
      .record({
        shuffled: fc.shuffledSubarray(columns, { minLength: columns.length }),
        filterColumn: fc.option(fc.nat(Math.max(0, columns.length - 1)), { freq: 3 }),
        operator: fc.constantFrom<PushedFilter['operator']>('IS_NULL', 'IS_NOT_NULL'),
        rowLimit: fc.option(fc.integer({ min: 1, max: 30 }), { freq: 3 }),
        nowSeconds: fc.constantFrom(0, CORPUS_NOW_SECONDS, 0xfffffff0),
        strictLiveness: fc.boolean(),
        staticOnlyRows: fc.boolean(),
      })
      .map(({ shuffled, filterColumn, operator, ...parts }) => {
        const filters =
          filterColumn === null || shuffled.length === 0 ? [] : [{ column: filterColumn, operator, operands: [] }];
        return { ...request(table, values(shuffled), parts.nowSeconds), ...parts, filters };
      }),
  );
}

describe.each(FORMATS)('FastScan and StreamScan agree on every SSTable of %s', (format) => {
  const sstables = sstablesOf(format);
  afterAll(() => {
    for (const { reader } of sstables) reader.close();
  });
  let fast = 0;
  const known = new Set<string>();

  it.each(sstables.map((opened) => [opened.name, opened] as const))('%s', async (_, { reader }) => {
    const source = new SSTableSource(reader);
    await fc.assert(
      fc.asyncProperty(aRequest(reader.table), fc.boolean(), fc.option(aValueFilter), async (first, small, choice) => {
        const generalOf = (request: ScanRequest): StreamScan =>
          new StreamScan(request, () => source.stream(request.range), newScanStatistics());
        const asked = withValueFilter(first, choice, choice === null ? [] : await drain(generalOf(first)));
        const segment = source.segment(asked, newScanStatistics());
        if (segment === null) return;
        fast++;
        const segments = [small ? inSmallWindows(segment, reader) : segment];
        const general = (): StreamScan => generalOf(asked);
        expect(await drain(new FastScan(asked, segments, newScanStatistics()))).toEqual(await drain(general()));
        if (asked.rowLimit === null && asked.filters.length === 0) {
          const counted = await general().countRows();
          const decoded = segments.map((one) => ({ ...one, knownRows: null }));
          expect(await new FastScan(asked, segments, newScanStatistics()).countRows()).toBe(counted);
          expect(await new FastScan(asked, decoded, newScanStatistics()).countRows()).toBe(counted);
          if (segment.knownRows !== null) known.add(reader.dataPath);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('took the fast way often', () => expect(fast).toBeGreaterThan(sstables.length));

  it('knew the rows of many without reading them', () => expect(known.size).toBeGreaterThan(15));
});
