import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32Of } from '../../src/bytes/index.ts';

describe('crc32Of', () => {
  it("is zlib's of any range, short or long, from the start or going on", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 0, maxLength: 400, size: 'max' }),
        fc.nat(8),
        fc.nat(8),
        fc.integer({ min: 0, max: 0xffffffff }),
        (bytes, skip, cut, previous) => {
          const start = Math.min(skip, bytes.length);
          const end = Math.max(start, bytes.length - cut);
          expect(crc32Of(bytes, start, end)).toBe(crc32(bytes.subarray(start, end)));
          // Of no bytes at no address zlib's is 0, whatever stood before.
          const expected = start === end ? previous : crc32(bytes.subarray(start, end), previous);
          expect(crc32Of(bytes, start, end, previous)).toBe(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
