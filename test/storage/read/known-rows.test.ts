import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../src/storage/files/index.ts';
import { knownRows } from '../../../src/storage/read/known-rows.ts';
import type { ScanRequest } from '../../../src/storage/scan/index.ts';
import type { StatsMetadata } from '../../../src/storage/sstable/components/statistics/statistics.ts';
import { openSSTableSync, readAll, type SSTableReader } from '../../../src/storage/sstable/index.ts';
import { corpusDirectories } from '../support/corpus.ts';

describe('rows known from Statistics.db', () => {
  const readers = corpusDirectories('nb')
    .flatMap((directory) => readdirSync(directory).map((name) => join(directory, name)))
    .filter((path) => path.endsWith('-Data.db'))
    .map((path) => openSSTableSync(nodeFileSystem, path));
  afterAll(() => {
    for (const reader of readers) reader.close();
  });
  const known = readers.filter((reader) => rowsKnownOf(reader, {}) !== null);

  it('are the rows that Cassandra counted', () => {
    expect(known.length).toBeGreaterThan(0);
    for (const reader of known) expect(rowsKnownOf(reader, {})).toBe(reader.statistics.stats.totalRows);
  });

  it('are not believed where partitions have less than a row, as of a writer that counts none', () => {
    const uncounted = { offsets: new Float64Array(0), counts: new Float64Array(0) };
    for (const reader of known) {
      expect(rowsKnownOf(reader, { totalRows: 0 })).toBeNull();
      expect(rowsKnownOf(reader, { partitionSizes: uncounted })).toBeNull();
    }
  });
});

function rowsKnownOf(reader: SSTableReader, other: Partial<StatsMetadata>): number | null {
  const { statistics } = reader;
  const changed: SSTableReader = Object.create(reader, {
    statistics: { value: { ...statistics, stats: { ...statistics.stats, ...other } } },
  });
  const request: ScanRequest = {
    table: reader.table,
    range: readAll,
    columns: [],
    filters: [],
    nowSeconds: 0,
    rowLimit: null,
    perPartitionLimit: null,
    distinctPartitions: false,
    staticOnlyRows: true,
  };
  return knownRows(changed, request);
}
