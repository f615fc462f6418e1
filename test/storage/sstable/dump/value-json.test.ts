import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { int64 } from '../../../../src/bytes/index.ts';
import { DumpTime } from '../../../../src/storage/sstable/dump/dump-time.ts';
import { JsonBytes, Piece } from '../../../../src/storage/sstable/dump/json-bytes.ts';
import { valueJson } from '../../../../src/storage/sstable/dump/value-json.ts';
import { type CqlType, codecOf } from '../../../../src/types/index.ts';

/** What is written, with text before it that must stay, and nothing behind it. */
function written(write: (out: JsonBytes) => void): string {
  let text = '';
  const out = new JsonBytes((bytes) => {
    text += bytes.toString('utf8');
    return true;
  });
  out.text('>');
  write(out);
  out.flush();
  expect(text.startsWith('>')).toBe(true);
  return text.slice(1);
}

function native(name: Extract<CqlType, { kind: 'native' }>['name']): CqlType {
  return { kind: 'native', name };
}

function bytesOf(length: number, set: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  set(new DataView(bytes.buffer));
  return bytes;
}

const double = (value: number): Uint8Array => bytesOf(8, (view) => view.setFloat64(0, value));
const bigint = (value: bigint): Uint8Array => bytesOf(8, (view) => view.setBigInt64(0, value));
/** Decimals of few digits, which take a way of their own, and their neighbours, which must not. */
const nearDecimal = fc
  .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.nat({ max: 9 }), fc.constantFrom(0, 1, -1))
  .map(([digits, scale, ulps]) => {
    const view = new DataView(double(digits / 10 ** scale).buffer);
    view.setBigInt64(0, view.getBigInt64(0) + BigInt(ulps));
    return view.getFloat64(0);
  });

const VALUES: readonly (readonly [string, CqlType, fc.Arbitrary<Uint8Array>])[] = [
  ['double', native('double'), fc.oneof(nearDecimal, fc.double()).map(double)],
  ['int', native('int'), fc.integer().map((value) => bytesOf(4, (view) => view.setInt32(0, value)))],
  ['bigint', native('bigint'), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(bigint)],
  ['small bigint', native('bigint'), fc.bigInt({ min: -100_000n, max: 100_000n }).map(bigint)],
  ['text', native('text'), fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text))],
  ['boolean', native('boolean'), fc.constantFrom(Uint8Array.of(0), Uint8Array.of(1))],
  ['uuid', native('uuid'), fc.uint8Array({ minLength: 16, maxLength: 16 })],
  ['timestamp', native('timestamp'), fc.bigInt({ min: -62_200_000_000_000n, max: 253_500_000_000_000n }).map(bigint)],
  ['any timestamp', native('timestamp'), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(bigint)],
];

describe('values are written as their codec has them', () => {
  it.each(VALUES)('%s', (_, type, values) => {
    const write = valueJson(type);
    const codec = codecOf(type);
    fc.assert(
      fc.property(values, (bytes) => {
        expect(written((out) => write(out, bytes, 0, bytes.length))).toBe(codec.toJson(bytes, 0, bytes.length));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('times', () => {
  const micros = fc.bigInt({ min: 0n, max: 9_007_199_254_740_991n });

  it('as Instant prints them', () => {
    const time = new DumpTime({ raw: false });
    fc.assert(
      fc.property(
        fc.oneof(
          micros,
          micros.map((value) => value - (value % 1000n)),
        ),
        (value) => {
          const [date] = new Date(Number(value / 1000n)).toISOString().split('.');
          const digits = String(value % 1_000_000n).padStart(6, '0');
          const fraction = digits === '000000' ? '' : `.${digits.endsWith('000') ? digits.slice(0, 3) : digits}`;
          const text = (out: JsonBytes): void => time.micros(out, int64.hiOf(value), int64.loOf(value));
          expect(written(text)).toBe(`"${date}${fraction}Z"`);
          // From what was kept.
          expect(written(text)).toBe(`"${date}${fraction}Z"`);
        },
      ),
    );
  });

  it('raw', () => {
    const time = new DumpTime({ raw: true });
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const text = (out: JsonBytes): void => time.micros(out, int64.hiOf(value), int64.loOf(value));
        expect(written(text)).toBe(`"${value}"`);
        expect(written(text)).toBe(`"${value}"`);
      }),
    );
  });
});

it('constant pieces are stored as words and keep their bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 20 }), (texts) => {
      expect(written((out) => texts.forEach((text) => void out.piece(Piece.of(text))))).toBe(texts.join(''));
    }),
  );
});
