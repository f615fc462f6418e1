import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteSink, toHex } from '../../src/bytes/index.ts';
import { comparableEncoderOf } from '../../src/types/byte-comparable.ts';
import { type CqlType, codecOf, parseMarshalType } from '../../src/types/index.ts';
import { COMPARABLE_VALUES, native } from './comparable-values.ts';

/** Each line, by tabs: marshal type, value, and the byte-comparable form that Cassandra 5.0.8 gives it, in hex (`-` is empty). */
const VECTORS = readFileSync(new URL('../../test-data/types/byte-comparable.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t'));

/** As a component of a sequence: a mark in front, one behind, so that prefixes and empty values compare as in tries. */
function encoded(type: CqlType, value: Uint8Array): Uint8Array {
  const sink = new ByteSink(64);
  sink.u8(0x40);
  if (!comparableEncoderOf(type)(value, 0, value.length, sink)) {
    sink.clear();
    sink.u8(0x3f);
  }
  sink.u8(0x38);
  return sink.copy();
}

describe('byte-comparable values', () => {
  it.each(COMPARABLE_VALUES)('of %s are ordered as the type orders the values', (_name, type, values) => {
    const codec = codecOf(type);
    fc.assert(
      fc.property(values, values, (a, b) => {
        const order = Math.sign(codec.compare(a, 0, a.length, b, 0, b.length));
        expect(Math.sign(Buffer.compare(encoded(type, a), encoded(type, b)))).toBe(order);
      }),
      { numRuns: 1000 },
    );
  });

  /** From the examples in the comments of `ByteSource`, 5.0.8. */
  it.each([
    [0n, '80'],
    [1n, '81'],
    [-1n, '7f'],
    [63n, 'bf'],
    [64n, 'c040'],
    [-64n, '40'],
    [-65n, '3fbf'],
    [2n ** 20n - 1n, 'efffff'],
    [2n ** 20n, 'f0100000'],
    [-(2n ** 20n), '100000'],
    [2n ** 63n - 1n, 'ffffffffffffffffff'],
    [-(2n ** 63n), '000000000000000000'],
  ])('bigint %s is %s', (value, hex) => {
    const bytes = codecOf(native('bigint')).encode(value);
    const sink = new ByteSink();
    comparableEncoderOf(native('bigint'))(bytes, 0, bytes.length, sink);
    expect(toHex(sink.view())).toBe(hex);
  });

  it.each([
    ['41000042', '4100feff4200'],
    ['41004200', '4100ff4200fe'],
    ['4100', '4100fe'],
    ['4142', '414200'],
  ])('blob %s is %s', (value, hex) => {
    const bytes = Buffer.from(value, 'hex');
    const sink = new ByteSink();
    comparableEncoderOf(native('blob'))(bytes, 0, bytes.length, sink);
    expect(toHex(sink.view())).toBe(hex);
  });

  it('are the bytes that Cassandra makes', () => {
    expect(VECTORS.length).toBeGreaterThan(500);
    for (const [typeName, value, form] of VECTORS) {
      const bytes = Buffer.from(value === '-' ? '' : value, 'hex');
      const sink = new ByteSink();
      comparableEncoderOf(parseMarshalType(typeName).type)(bytes, 0, bytes.length, sink);
      expect(toHex(sink.view()) || '-', `${typeName} ${value}`).toBe(form);
    }
  });
});
