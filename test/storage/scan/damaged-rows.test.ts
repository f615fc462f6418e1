import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CorruptionError } from '../../../src/errors/index.ts';
import { findTable } from '../../../src/schema/model/index.ts';
import { nodeFileSystem } from '../../../src/storage/files/index.ts';
import { SSTableSource } from '../../../src/storage/read/index.ts';
import { readAll, Step } from '../../../src/storage/rows/index.ts';
import { FastScan } from '../../../src/storage/scan/fast/fast-scan.ts';
import { newScanStatistics } from '../../../src/storage/scan/index.ts';
import type { ChunkReader } from '../../../src/storage/sstable/data/chunk-reader.ts';
import { DataWindow } from '../../../src/storage/sstable/data/data-window.ts';
import { newReadCounters } from '../../../src/storage/sstable/data/read-counters.ts';
import { openSSTableSync, type SSTableReader } from '../../../src/storage/sstable/sstable-reader.ts';
import { CORPUS_NOW_SECONDS, corpusDirectories, corpusSchema, FORMATS } from '../support/corpus.ts';
import { request, values } from '../support/scan-rows.ts';

const TABLES = [
  'simple_table',
  'ttl_test_table',
  'order_text',
  'many_columns_table',
  'tombstones',
  'wide_rt',
  'list_ops',
];
const CHUNK_BYTES = 512;

/** Uncompressed bytes in memory as the chunks of a file: no checksum stands before the decoder. */
function memoryChunks(bytes: Buffer, like: ChunkReader): ChunkReader {
  const start = (chunk: number): number => Math.min(chunk * CHUNK_BYTES, bytes.length);
  const readSync = (target: Uint8Array, offset: number, length: number, position: number): number => {
    target.set(bytes.subarray(position, position + length), offset);
    return Math.min(length, bytes.length - position);
  };
  const file = {
    ...like.file,
    path: like.file.path,
    readSync,
    read: async (...place: Parameters<typeof readSync>) => readSync(...place),
  };
  return {
    file: Object.assign(Object.create(like.file), file),
    dataLength: bytes.length,
    chunkBytes: CHUNK_BYTES,
    chunkCount: Math.ceil(bytes.length / CHUNK_BYTES),
    wholeEnd: (_, end) => end,
    storedStart: start,
    decode: (stored, first, end, target, targetStart) => {
      stored.copy(target, targetStart, 0, start(end) - start(first));
      return start(end) - start(first);
    },
  };
}

async function uncompressed(reader: SSTableReader): Promise<Buffer> {
  const window = reader.window(newReadCounters(), true);
  await window.load(0, reader.dataLength);
  return Buffer.from(window.bytes.subarray(0, reader.dataLength));
}

async function count(source: SSTableSource, chunks: ChunkReader, rowsToo: boolean): Promise<number> {
  const { table } = source.reader;
  const simple = values([...table.columns.values()].filter(({ type }) => type.kind === 'native'));
  const asked = request(table, rowsToo ? simple : [], CORPUS_NOW_SECONDS);
  const segment = source.segment(asked, newScanStatistics());
  if (segment === null) return 0;
  const openWindow = (): DataWindow => new DataWindow(chunks, newReadCounters(), { scan: true, maxBytes: 1024 });
  const scan = new FastScan(
    asked,
    [{ ...segment, end: chunks.dataLength, knownRows: null, openWindow }],
    newScanStatistics(),
  );
  if (!rowsToo) return scan.countRows();
  let rows = 0;
  for (let batch = await scan.next(); batch !== null; batch = await scan.next()) rows += batch.length;
  return rows;
}

/** Damage that checksums did not see ends in rows or in one CorruptionError with the file and the offset. */
describe.each(FORMATS.slice(0, 2))('damaged rows of %s', (format) => {
  const schema = corpusSchema(format);
  const directories = corpusDirectories(format).filter((path) =>
    TABLES.includes(basename(path).replace(/-[0-9a-f]{32}$/, '')),
  );

  it.each(directories.map((path) => [basename(path), path]))('%s', async (_, directory) => {
    const table = findTable(schema, basename(dirname(directory)), basename(directory).replace(/-[0-9a-f]{32}$/, ''));
    const name = readdirSync(directory).find((file) => file.endsWith('-Data.db')) ?? '';
    const reader = openSSTableSync(nodeFileSystem, join(directory, name), { table });
    const source = new SSTableSource(reader);
    const bytes = await uncompressed(reader);
    const whole = await count(source, memoryChunks(bytes, reader.chunks), true);
    expect(await count(source, memoryChunks(bytes, reader.chunks), false)).toBe(whole);

    const flip = fc.record({ at: fc.nat(bytes.length - 1), value: fc.integer({ min: 1, max: 255 }) });
    const cut = fc.oneof(
      { weight: 3, arbitrary: fc.constant(bytes.length) },
      { weight: 1, arbitrary: fc.nat(bytes.length) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { maxLength: 4 }), cut, fc.boolean(), async (flips, length, rowsToo) => {
        const damaged = Buffer.from(bytes.subarray(0, length));
        for (const { at, value } of flips) if (at < length) damaged[at] ^= value;
        try {
          await count(source, memoryChunks(damaged, reader.chunks), rowsToo);
        } catch (error) {
          if (!(error instanceof CorruptionError)) throw error;
          expect(error.message).toContain('-Data.db');
        }
      }),
      { numRuns: 150 },
    );
    reader.close();
  });

  it('refuses a clustering value that is both empty and null', async () => {
    const directory = directories.find((path) => basename(path).startsWith('order_text-')) ?? '';
    const table = findTable(schema, basename(dirname(directory)), 'order_text');
    const name = readdirSync(directory).find((file) => file.endsWith('-Data.db')) ?? '';
    const reader = openSSTableSync(nodeFileSystem, join(directory, name), { table });
    const stream = await reader.stream(readAll);
    while (stream.next() !== Step.ROW) await stream.load();
    // The header of the clustering values stands behind the flags.
    const at = stream.elementStart + 1;
    stream.close();
    const bytes = await uncompressed(reader);
    expect(bytes[at]).toBe(0);
    bytes[at] = 3;
    for (const rowsToo of [true, false]) {
      await expect(count(new SSTableSource(reader), memoryChunks(bytes, reader.chunks), rowsToo)).rejects.toThrow(
        `${name}, uncompressed offset ${at + 1}, table ${table?.keyspace}.${table?.name}, column ${table?.clustering[0].name}: a clustering value that is both empty`,
      );
    }
    reader.close();
  });
});
