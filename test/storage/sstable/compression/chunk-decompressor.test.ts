import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CorruptionError } from '../../../../src/errors/index.ts';
import {
  type ChunkDecompressor,
  chunkDecompressor,
  lz4Blocks,
  lz4Decompressor,
  lz4OfModule,
  zstdDecompressor,
  zstdInJavaScript,
  zstdOfModule,
  zstdOfNode,
} from '../../../../src/storage/sstable/compression/chunk-decompressor.ts';
import { chunkCompressor } from '../../../../src/storage/sstable/write/chunk-compressor.ts';

const COMPRESSORS = ['LZ4Compressor', 'SnappyCompressor', 'DeflateCompressor', 'ZstdCompressor', 'NoopCompressor'];
const CHUNK_BYTES = 16 * 1024;

/** What this Node and this machine have; the one in JavaScript they always have. */
const ZSTDS = [zstdOfNode(), zstdOfModule(), zstdInJavaScript()].map((zstd) => zstd && zstdDecompressor(zstd));

const LZ4S = [lz4Blocks(), lz4OfModule()].map((lz4) => lz4 && lz4Decompressor(lz4));

const CASES: readonly (readonly [string, string, ChunkDecompressor | null])[] = [
  ...COMPRESSORS.map((compressor) => [compressor, compressor, chunkDecompressor(compressor)] as const),
  ...['WebAssembly', 'lz4-napi'].map((name, i) => [`LZ4 by ${name}`, 'LZ4Compressor', LZ4S[i]] as const),
  ...['node:zlib', 'zstd-napi', 'fzstd'].map((name, i) => [`Zstd by ${name}`, 'ZstdCompressor', ZSTDS[i]] as const),
];

it('knows each compressor, and Zstd without anything native', () => {
  for (const [name, , decompress] of CASES) {
    if (!/node:zlib|zstd-napi/.test(name)) expect(decompress, name).not.toBeNull();
  }
});

describe.each(CASES.filter(([, , decompress]) => decompress !== null))('%s', (_, compressor, decompress) => {
  if (decompress === null) throw new Error(`${compressor} is not known`);
  const settings = { compressor, chunkBytes: CHUNK_BYTES, maxCompressedBytes: 0x7fffffff, options: new Map() };
  const compress = chunkCompressor(settings);
  const target = Buffer.alloc(CHUNK_BYTES + 8);

  it('gives back what was compressed, at its place', () => {
    fc.assert(
      fc.property(chunks(), (chunk) => {
        const stored = Buffer.concat([Buffer.from('xx'), compress(chunk), Buffer.from('yy')]);
        target.fill(0xee);
        const length = decompress(stored, 2, stored.length - 2, target, 3, CHUNK_BYTES);
        expect(length).toBe(chunk.length);
        expect(Buffer.compare(target.subarray(3, 3 + length), chunk)).toBe(0);
        expect(target[2]).toBe(0xee);
        expect(target[3 + length]).toBe(0xee);
      }),
      { numRuns: 40 },
    );
  });

  it('reads a sound chunk after each damaged one', () => {
    const sound = Buffer.alloc(4096, 'abcdefg');
    const stored = Buffer.from(compress(sound));
    for (let end = 0; end < stored.length; end++) {
      try {
        decompress(stored, 0, end, target, 0, CHUNK_BYTES);
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptionError);
      }
      if (end % 16 === 0 || end > stored.length - 8) {
        expect(decompress(stored, 0, stored.length, target, 0, CHUNK_BYTES)).toBe(sound.length);
      }
    }
  });

  it('refuses a chunk that is longer than it may be', () => {
    const stored = Buffer.from(compress(Buffer.alloc(4096, 'abc')));
    expect(() => decompress(stored, 0, stored.length, target, 0, 4095)).toThrow(CorruptionError);
  });

  it('ends damaged chunks in a result within bounds or a CorruptionError', () => {
    fc.assert(
      fc.property(chunks(), fc.nat(), fc.integer({ min: 1, max: 255 }), (chunk, at, flip) => {
        const stored = Buffer.from(compress(chunk));
        if (stored.length === 0) return;
        stored[at % stored.length] ^= flip;
        try {
          expect(decompress(stored, 0, stored.length, target, 0, CHUNK_BYTES)).toBeLessThanOrEqual(CHUNK_BYTES);
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptionError);
        }
      }),
      { numRuns: 200 },
    );
  });
});

it('does not know other compressors', () => expect(chunkDecompressor('com.example.OtherCompressor')).toBeNull());

/** Compressible and not, from empty to a full chunk. */
function chunks(): fc.Arbitrary<Buffer> {
  const random = fc.uint8Array({ maxLength: CHUNK_BYTES }).map((bytes) => Buffer.from(bytes));
  const repeated = fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 0, max: CHUNK_BYTES }))
    .map(([bytes, length]) => Buffer.alloc(length, Buffer.from(bytes)));
  return fc.oneof(random, repeated);
}
