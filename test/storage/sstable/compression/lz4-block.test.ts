import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lz4Blocks } from '../../../../src/storage/sstable/compression/lz4-block.ts';

// The module's own declaration, of which this is the part that is used.
const native = createRequire(import.meta.url)('lz4-napi') as {
  compressSync(data: Buffer): Buffer;
  uncompressSync(data: Buffer): Buffer;
};
/** The native module's block has its length in front. */
const LENGTH_BYTES = 4;
const GUARD = 0xee;

/** Texts with near and far repeats, runs of one and of a few bytes, noise, and lengths around the 15 and 270 of the format. */
const content: fc.Arbitrary<Buffer> = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .record({ part: fc.uint8Array({ minLength: 1, maxLength: 20 }), times: fc.nat(60) })
        .map(({ part, times }) => Uint8Array.from(Buffer.concat(Array.from({ length: times }, () => part)))),
      fc
        .record({ byte: fc.nat(255), times: fc.constantFrom(1, 14, 15, 16, 19, 20, 269, 270, 271, 300, 70_000) })
        .map(({ byte, times }) => new Uint8Array(times).fill(byte)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.concat(parts));

/** What is in the target, between bytes that must stay; null when it is refused. */
function decompressed(blocks: Lz4Blocks, block: Buffer, maxBytes: number): Buffer | null {
  const target = Buffer.alloc(maxBytes + 2, GUARD);
  const length = blocks.decompress(block, 0, block.length, target, 1, maxBytes);
  expect(target[0]).toBe(GUARD);
  expect(target[maxBytes + 1]).toBe(GUARD);
  expect(length).toBeLessThanOrEqual(maxBytes);
  return length < 0 ? null : target.subarray(1, 1 + length);
}

describe('LZ4 blocks', () => {
  const blocks = new Lz4Blocks();

  it('give back what was compressed, at exactly its length', () => {
    fc.assert(
      fc.property(content, (bytes) => {
        const block = native.compressSync(bytes).subarray(LENGTH_BYTES);
        expect(decompressed(blocks, block, bytes.length)?.equals(bytes)).toBe(true);
        if (bytes.length > 0) expect(decompressed(blocks, block, bytes.length - 1)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('are taken and refused as the native module does when they are damaged', () => {
    fc.assert(
      fc.property(content, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), (bytes, at, flip, cut) => {
        const stored = Buffer.from(native.compressSync(bytes));
        if (stored.length === LENGTH_BYTES) return;
        const place = LENGTH_BYTES + (at % (stored.length - LENGTH_BYTES));
        stored[place] ^= flip;
        const damaged = cut ? stored.subarray(0, place) : stored;
        let expected: Buffer | null = null;
        try {
          expected = native.uncompressSync(damaged);
        } catch {
          // Refused.
        }
        const got = decompressed(blocks, damaged.subarray(LENGTH_BYTES), bytes.length);
        if (expected !== null && expected.length === bytes.length) expect(got?.equals(expected)).toBe(true);
        else if (got !== null) expect(got.length).toBeLessThan(bytes.length);
      }),
      { numRuns: 500 },
    );
  });

  it('refuse a match before the beginning, and an empty block', () => {
    expect(decompressed(blocks, Buffer.from([0x10, 0x61, 2, 0, 0]), 100)).toBeNull();
    expect(decompressed(blocks, Buffer.from([0x10, 0x61, 0, 0, 0]), 100)).toBeNull();
    expect(decompressed(blocks, Buffer.alloc(0), 100)).toBeNull();
  });
});
