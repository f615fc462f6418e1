import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUnsigned, equalBytes, fromHex, int64, toHex } from '../../src/bytes/index.ts';

const anyInt64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe('int64 halves', () => {
  it('stand for the same value as the bigint', () => {
    fc.assert(
      fc.property(anyInt64, (value) => {
        const [hi, lo] = [int64.hiOf(value), int64.loOf(value)];
        expect(int64.toBigInt(hi, lo)).toBe(value);
        expect(int64.toString(hi, lo)).toBe(value.toString());
        expect(int64.toNumber(hi, lo)).toBe(Number(value));
      }),
    );
  });

  it('compare as the bigints', () => {
    fc.assert(
      fc.property(anyInt64, anyInt64, fc.boolean(), (a, other, same) => {
        const b = same ? a : other;
        const order = int64.compare(int64.hiOf(a), int64.loOf(a), int64.hiOf(b), int64.loOf(b));
        expect(Math.sign(order)).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  it.each([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0, -1, 1, 2 ** 32, -(2 ** 32), 2 ** 32 - 1, 2 ** 31])(
    'of the number %d read back',
    (value) => {
      expect(int64.toNumber(int64.hiOfNumber(value), int64.loOfNumber(value))).toBe(value);
    },
  );

  it('have the limits of int64', () => {
    expect(int64.toBigInt(int64.MIN_HI, int64.MIN_LO)).toBe(-(2n ** 63n));
    expect(int64.toBigInt(int64.MAX_HI, int64.MAX_LO)).toBe(2n ** 63n - 1n);
  });
});

describe('byte ranges', () => {
  it('compare as Buffer.compare', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 3 }), fc.uint8Array({ max: 3 }), (a, b) => {
        const order = compareUnsigned(a, 0, a.length, b, 0, b.length);
        expect(Math.sign(order)).toBe(Buffer.compare(a, b));
        expect(equalBytes(a, b)).toBe(order === 0);
      }),
    );
  });

  it('print as hex and read back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([...(fromHex(toHex(bytes)) ?? [])]).toEqual([...bytes]);
      }),
    );
    expect(fromHex('abc')).toBeNull();
    expect(fromHex('0g')).toBeNull();
    expect(toHex(Uint8Array.of(1, 2, 255, 4), 1, 3)).toBe('02ff');
  });
});
