import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteCursor, ByteSink, int64 } from '../../src/bytes/index.ts';
import { CorruptionError } from '../../src/errors/index.ts';

/** int64 values around every power of two, where encodings change their length. */
const LIMITS = Array.from({ length: 64 }, (_, bits) => 2n ** BigInt(bits))
  .flatMap((power) => [power - 1n, power, power + 1n, -power, -power - 1n, -power + 1n])
  .filter((value) => BigInt.asIntN(64, value) === value);

const anyInt64 = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(...LIMITS));

function writtenBy(write: (sink: ByteSink) => void): ByteCursor {
  const sink = new ByteSink(1);
  write(sink);
  return new ByteCursor(sink.copy());
}

function wide(cursor: ByteCursor): bigint {
  return int64.toBigInt(cursor.hi, cursor.lo);
}

describe('vints', () => {
  it.each([
    // From Cassandra's VIntCoding: [value, bytes in hex].
    [0n, '00'],
    [1n, '01'],
    [127n, '7f'],
    [128n, '8080'],
    [16383n, 'bfff'],
    [16384n, 'c04000'],
    [2n ** 56n - 1n, 'feffffffffffffff'],
    [2n ** 56n, 'ff0100000000000000'],
    [-1n, 'ffffffffffffffffff'],
  ])('unsigned %s is %s', (value, hex) => {
    const cursor = writtenBy((sink) => sink.unsignedVint64(int64.hiOf(value), int64.loOf(value)));
    expect(Buffer.from(cursor.bytes).toString('hex')).toBe(hex);
    cursor.unsignedVint64();
    expect(wide(cursor)).toBe(value);
    expect(cursor.remaining).toBe(0);
  });

  it('unsigned and signed 64-bit read back as written', () => {
    fc.assert(
      fc.property(anyInt64, (value) => {
        const [hi, lo] = [int64.hiOf(value), int64.loOf(value)];
        const cursor = writtenBy((sink) => {
          sink.unsignedVint64(hi, lo);
          sink.signedVint64(hi, lo);
          sink.i64(hi, lo);
        });
        cursor.unsignedVint64();
        expect(wide(cursor)).toBe(value);
        cursor.signedVint64();
        expect(wide(cursor)).toBe(value);
        expect(cursor.i64BigInt()).toBe(value);
        expect(cursor.remaining).toBe(0);
      }),
    );
  });

  it('read back as doubles up to 2^53, and fail beyond', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeInteger(), (unsigned, signed) => {
        const cursor = writtenBy((sink) => {
          sink.unsignedVint(unsigned);
          sink.signedVint(signed);
          sink.i64Number(signed);
          sink.i64LittleEndianNumber(signed);
        });
        expect(cursor.unsignedVint()).toBe(unsigned);
        expect(cursor.signedVint()).toBe(signed);
        expect(cursor.i64Number()).toBe(signed);
        expect(cursor.i64LittleEndianNumber()).toBe(signed);
      }),
    );
    const beyond = writtenBy((sink) => sink.unsignedVint64(0x200000, 0));
    expect(() => beyond.unsignedVint()).toThrow(CorruptionError);
  });

  it('are skipped as long as they are', () => {
    fc.assert(
      fc.property(anyInt64, (value) => {
        const cursor = writtenBy((sink) => {
          sink.unsignedVint64(int64.hiOf(value), int64.loOf(value));
          sink.u8(0x5a);
        });
        cursor.skipVint();
        expect(cursor.u8()).toBe(0x5a);
      }),
    );
  });
});

describe('fixed-size values', () => {
  it('read back as written', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.nat(0xffff),
        fc.float(),
        fc.double(),
        fc.string({ unit: 'binary' }),
        fc.uint8Array({ maxLength: 100 }),
        (int, short, float, double, text, bytes) => {
          const cursor = writtenBy((sink) => {
            sink.i32(int);
            sink.i32LittleEndian(int);
            sink.u16(short);
            sink.f32(float);
            sink.f64(double);
            sink.shortUtf8(text);
            sink.boolean(int > 0);
            sink.vintBytes(bytes);
          });
          expect(cursor.i32()).toBe(int);
          expect(cursor.i32LittleEndian()).toBe(int);
          expect(cursor.u16()).toBe(short);
          expect(cursor.f32()).toBe(float);
          expect(cursor.f64()).toBe(double);
          expect(cursor.shortUtf8()).toBe(Buffer.from(text).toString());
          expect(cursor.boolean()).toBe(int > 0);
          expect([...cursor.vintBytes()]).toEqual([...bytes]);
          expect(cursor.remaining).toBe(0);
        },
      ),
    );
  });
});

const READS: readonly [string, number, (cursor: ByteCursor) => unknown][] = [
  ['u8', 1, (cursor) => cursor.u8()],
  ['u16', 2, (cursor) => cursor.u16()],
  ['i16', 2, (cursor) => cursor.i16()],
  ['i32', 4, (cursor) => cursor.i32()],
  ['u32', 4, (cursor) => cursor.u32()],
  ['i32LittleEndian', 4, (cursor) => cursor.i32LittleEndian()],
  ['i64', 8, (cursor) => cursor.i64()],
  ['f32', 4, (cursor) => cursor.f32()],
  ['f64', 8, (cursor) => cursor.f64()],
  ['slice', 5, (cursor) => cursor.slice(5)],
  ['utf8', 5, (cursor) => cursor.utf8(5)],
  ['skip', 5, (cursor) => cursor.skip(5)],
];

describe('a truncated read', () => {
  it.each(READS)('%s is a CorruptionError at its place', (_name, length, read) => {
    for (let available = 0; available < length; available++) {
      const cursor = new ByteCursor(new Uint8Array(20), 3, 3 + available, 'nb-1-big-Data.db', 1000);
      const failure = catchCorruption(() => read(cursor));
      expect(failure.place.file).toBe('nb-1-big-Data.db');
      expect(failure.place.offset).toBeGreaterThanOrEqual(1003);
    }
    expect(() => read(new ByteCursor(new Uint8Array(20), 3, 3 + length))).not.toThrow();
  });

  it('of a vint is a CorruptionError at every cut', () => {
    for (const value of LIMITS) {
      const whole = writtenBy((sink) => sink.unsignedVint64(int64.hiOf(value), int64.loOf(value))).bytes;
      for (let end = 0; end < whole.length; end++) {
        expect(() => new ByteCursor(whole, 0, end).unsignedVint64()).toThrow(CorruptionError);
        expect(() => new ByteCursor(whole, 0, end).unsignedVint()).toThrow(CorruptionError);
        expect(() => new ByteCursor(whole, 0, end).skipVint()).toThrow(CorruptionError);
      }
    }
  });

  it('of a negative length is a CorruptionError', () => {
    expect(() => new ByteCursor(new Uint8Array(8)).slice(-1)).toThrow(CorruptionError);
  });
});

function catchCorruption(run: () => unknown): CorruptionError {
  try {
    run();
  } catch (error) {
    if (error instanceof CorruptionError) return error;
  }
  return expect.unreachable('no CorruptionError');
}
