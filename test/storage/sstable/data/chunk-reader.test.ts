import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CorruptionError } from '../../../../src/errors/index.ts';
import { readCompressionInfo } from '../../../../src/storage/sstable/components/compression-info/read.ts';
import { encodeCompressionInfo } from '../../../../src/storage/sstable/components/compression-info/write.ts';
import { readChunkChecksums } from '../../../../src/storage/sstable/components/crc-db/read.ts';
import { type ChunkReader, chunkReader } from '../../../../src/storage/sstable/data/chunk-reader.ts';
import { DataWindow } from '../../../../src/storage/sstable/data/data-window.ts';
import { newReadCounters } from '../../../../src/storage/sstable/data/read-counters.ts';
import { sstableVersion } from '../../../../src/storage/sstable/sstable-version.ts';
import { DataFileWriter } from '../../../../src/storage/sstable/write/data-file-writer.ts';
import { MemoryFile } from '../memory-file.ts';

const CHUNK_BYTES = 1024;

/** Data in chunks that compress, and others that must be stored as they are. */
const DATA = Buffer.concat(
  Array.from({ length: 300 }, (_, i) =>
    i % 3 === 0 ? Buffer.from(Array.from({ length: 700 }, (_, n) => (n * 7919 * (i + 1)) >> 5)) : Buffer.alloc(500, i),
  ),
);

const KINDS: [string, () => { file: MemoryFile; chunks: ChunkReader }][] = [
  ['compressed', () => build('LZ4Compressor', CHUNK_BYTES)],
  ['compressed with a minimum ratio', () => build('SnappyCompressor', 700)],
  ['uncompressed', () => build(null, 0)],
];

describe.each(KINDS)('%s chunks', (_name, make) => {
  it('are read through windows, forward and at random, as they were written', async () => {
    const { chunks } = make();
    expect(chunks.dataLength).toBe(DATA.length);
    const seeks = fc.array(fc.tuple(fc.nat(DATA.length - 1), fc.integer({ min: 1, max: 5000 })), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(seeks, fc.boolean(), async (places, scan) => {
        const window = new DataWindow(chunks, newReadCounters(), { scan, maxBytes: 8192 });
        for (const [position, length] of places) {
          const wanted = Math.min(length, DATA.length - position);
          if (!window.has(position, wanted) && !window.loadSync(position, wanted, 4000)) {
            await window.load(position, wanted);
          }
          expect(window.has(position, wanted)).toBe(true);
          const at = position - window.origin;
          const same = Buffer.compare(
            window.bytes.subarray(at, at + wanted),
            DATA.subarray(position, position + wanted),
          );
          expect(same).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('say which of them is damaged', async () => {
    const { file, chunks } = make();
    const victim = 1;
    file.bytes[chunks.storedStart(victim) + 5] ^= 0x40;
    const window = new DataWindow(chunks, newReadCounters(), { scan: false });
    const error = await window.load(victim * chunks.chunkBytes, 10).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(CorruptionError);
    expect(error).toMatchObject({ place: { file: 'Data.db', chunk: victim, offset: chunks.storedStart(victim) } });
    await window.load((victim + 1) * chunks.chunkBytes, 10);
  });

  it('say that the file is cut off', async () => {
    const { file, chunks } = make();
    await file.truncate(file.size() - 10);
    const window = new DataWindow(chunks, newReadCounters(), { scan: false });
    await expect(window.load(DATA.length - 5, 5)).rejects.toThrow(CorruptionError);
  });
});

function build(compressor: string | null, maxCompressedBytes: number): { file: MemoryFile; chunks: ChunkReader } {
  const file = new MemoryFile('Data.db');
  const settings =
    compressor === null ? null : { compressor, chunkBytes: CHUNK_BYTES, maxCompressedBytes, options: new Map() };
  const writer = new DataFileWriter(file, settings);
  for (let at = 0; at < DATA.length; at += 777) {
    writer.sink.append(DATA.subarray(at, at + 777));
    writer.drainIfLarge();
  }
  writer.finish();
  if (settings === null)
    return { file, chunks: chunkReader(file, null, readChunkChecksums(writer.crcs.copy(), 'CRC.db')) };
  const version = sstableVersion('big', 'nb');
  if (version === null) throw new Error('nb is a version');
  const info = encodeCompressionInfo(settings, DATA.length, writer.chunkOffsets);
  return { file, chunks: chunkReader(file, readCompressionInfo(info, version, 'CompressionInfo.db'), null) };
}
