import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CorruptionError } from '../../src/errors/index.ts';
import {
  type CqlType,
  type CqlValue,
  codecOf,
  Decimal,
  Duration,
  LocalDate,
  LocalTime,
  type NativeTypeName,
} from '../../src/types/index.ts';
import { corpusLines, hasCorpus } from './corpus.ts';
import { goldenCodec, goldenLines } from './golden.ts';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uuid = fc.uuid();
const sign = fc.constantFrom(1, -1);

/** JS values of each native type that `decode` gives back as they are. */
const VALUES: Readonly<Record<Exclude<NativeTypeName, 'empty'>, fc.Arbitrary<CqlValue>>> = {
  ascii: fc.string({ unit: 'grapheme-ascii' }),
  bigint: int64,
  blob: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  boolean: fc.boolean(),
  counter: int64,
  date: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((days) => new LocalDate(days)),
  decimal: fc.tuple(fc.bigInt(), fc.integer({ min: -50, max: 50 })).map(([value, scale]) => new Decimal(value, scale)),
  double: fc.double(),
  duration: fc
    .tuple(sign, fc.nat(2 ** 31 - 1), fc.nat(2 ** 31 - 1), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }))
    .map(
      ([factor, months, days, nanos]) => new Duration(factor * months + 0, factor * days + 0, BigInt(factor) * nanos),
    ),
  float: fc.float(),
  inet: fc.oneof(fc.ipV4(), fc.constantFrom('0:0:0:0:0:0:0:1', '2001:db8:0:0:0:ff00:42:8329')),
  int: fc.integer(),
  smallint: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
  text: fc.string({ unit: 'grapheme' }),
  time: fc.bigInt({ min: 0n, max: 86_399_999_999_999n }).map((nanos) => new LocalTime(nanos)),
  timestamp: fc.date({ noInvalidDate: true }),
  timeuuid: fc.uuid({ version: 1 }),
  tinyint: fc.integer({ min: -128, max: 127 }),
  uuid,
  varint: fc.bigInt(),
};

const NATIVE = Object.entries(VALUES).map(([name, values]) => {
  // The keys of the record are exactly the names.
  return [name, codecOf({ kind: 'native', name: name as NativeTypeName }), values] as const;
});

describe.each(NATIVE)('%s', (_name, codec, values) => {
  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = codec.encode(value);
        codec.validate(bytes, 0, bytes.length);
        expect(codec.decode(bytes, 0, bytes.length)).toEqual(value);
        if (codec.fixedLength >= 0) expect(bytes.length).toBe(codec.fixedLength);
      }),
    );
  });

  it('has a total order, that of its bytes where it says so', () => {
    fc.assert(
      fc.property(values, values, values, (...three) => {
        const [a, b, c] = three.map((value) => codec.encode(value));
        const order = (x: Uint8Array, y: Uint8Array): number =>
          Math.sign(codec.compare(x, 0, x.length, y, 0, y.length));
        expect(order(a, a)).toBe(0);
        expect(order(a, b)).toBe(0 - order(b, a));
        if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
        if (codec.byteComparable) expect(order(a, b)).toBe(Buffer.compare(a, b));
      }),
    );
  });

  it('reads its literals back', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = codec.encode(value);
        const literal = codec.toLiteral(bytes, 0, bytes.length);
        const text = /^'.*'$/s.test(literal) ? literal.slice(1, -1).replaceAll("''", "'") : literal.replace(/^0x/, '');
        if (literal.startsWith('blobAs')) return;
        expect(
          Buffer.from(
            codec.type.kind === 'native' && codec.type.name === 'counter' ? codec.encode(text) : codec.fromString(text),
          ),
        ).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('never fails on an empty range, but where there is no such value', () => {
    const none = Buffer.alloc(0);
    const value = codec.decode(none, 0, 0);
    expect(value === null || value === '' || (value instanceof Buffer && value.length === 0)).toBe(true);
    expect(codec.compare(none, 0, 0, none, 0, 0)).toBe(0);
    expect(() => codec.toJson(none, 0, 0)).not.toThrow();
    expect(() => codec.toLiteral(none, 0, 0)).not.toThrow();
  });
});

const WRONG: readonly [NativeTypeName, readonly CqlValue[]][] = [
  ['int', [2 ** 31, 1.5, Number.NaN, '1', 1n, true]],
  ['tinyint', [128, -129]],
  ['bigint', [2n ** 63n, 1.5, 2 ** 60, 'x', '9223372036854775808']],
  ['varint', [1.5, 'x', true]],
  ['double', ['1', 1n]],
  ['decimal', [Number.NaN, 'x', true, new Date(0)]],
  ['boolean', [1, 'true']],
  ['text', [1, Buffer.alloc(1)]],
  ['blob', ['0x00', [1]]],
  ['uuid', ['x', 1]],
  ['timeuuid', ['x', '550e8400-e29b-41d4-a716-446655440000']],
  ['inet', ['example.org', 1]],
  ['timestamp', [new Date(Number.NaN), 1.5, true]],
  ['date', [5, new Date(Number.NaN)]],
  ['time', [-1n, 86_400_000_000_000n, 1.5]],
  ['duration', [1, true]],
];

describe('encode refuses', () => {
  it.each(WRONG)('what is no %s', (name, values) => {
    const codec = codecOf({ kind: 'native', name });
    for (const value of values) expect(() => codec.encode(value), String(value)).toThrow(TypeError);
  });

  const int: CqlType = { kind: 'native', name: 'int' };
  it.each<[string, CqlType, CqlValue]>([
    ['null in a list', { kind: 'list', element: int, frozen: true }, [1, null]],
    ['a Set for a list', { kind: 'list', element: int, frozen: true }, new Set([1])],
    ['an Array for a map', { kind: 'map', key: int, value: int, frozen: true }, [1]],
    ['too many components', { kind: 'tuple', elements: [int] }, [1, 2]],
    ['too few dimensions', { kind: 'vector', element: int, dimensions: 3 }, [1, 2]],
    [
      'unknown fields',
      { kind: 'udt', keyspace: 'k', name: 't', fields: [{ name: 'a', type: int }], frozen: true },
      { b: 1 },
    ],
  ])('%s', (_what, type, value) => {
    expect(() => codecOf(type).encode(value)).toThrow(TypeError);
  });
});

describe('containers', () => {
  const text: CqlType = { kind: 'native', name: 'text' };
  const int: CqlType = { kind: 'native', name: 'int' };

  it('sets and maps are written in order, equal elements once', () => {
    const set = codecOf({ kind: 'set', element: int, frozen: true });
    const bytes = set.encode([3, -1, 3]);
    expect(set.decode(bytes, 0, bytes.length)).toEqual(new Set([-1, 3]));
    expect(set.toJson(bytes, 0, bytes.length)).toBe('[-1, 3]');
    const map = codecOf({ kind: 'map', key: text, value: int, frozen: true });
    const entries = map.encode({ b: 2, a: 1 });
    expect(map.toLiteral(entries, 0, entries.length)).toBe("{'a': 1, 'b': 2}");
  });

  it('UDT fields may be called __proto__', () => {
    const udt = codecOf({
      kind: 'udt',
      keyspace: 'k',
      name: 't',
      fields: [{ name: '__proto__', type: int }],
      frozen: true,
    });
    const bytes = udt.encode(Object.fromEntries([['__proto__', 5]]));
    expect(Object.entries(udt.decode(bytes, 0, bytes.length) ?? {})).toEqual([['__proto__', 5]]);
  });

  it('one codec a type object, one a native type', () => {
    const list: CqlType = { kind: 'list', element: int, frozen: true };
    expect(codecOf(list)).toBe(codecOf(list));
    expect(codecOf({ kind: 'native', name: 'int' })).toBe(codecOf(int));
  });
});

describe('damaged values', () => {
  it('end in a CorruptionError or in a value, cut anywhere', () => {
    for (const [typeName, hex] of goldenLines('texts.txt')) {
      const codec = goldenCodec(typeName);
      const whole = Buffer.from(hex, 'hex');
      for (let end = 0; end < whole.length; end++) {
        for (const use of [codec.validate, codec.decode, codec.toJson, codec.toLiteral, codec.toDisplayString]) {
          expect(
            onlyCorruption(() => use.call(codec, whole, 0, end)),
            `${typeName} ${hex} ${end} ${use.name}`,
          ).toBe(true);
        }
      }
    }
  });

  it('end so with any byte changed', () => {
    const lines = goldenLines('texts.txt');
    fc.assert(
      fc.property(fc.constantFrom(...lines), fc.nat(), fc.nat(255), ([typeName, hex], at, byte) => {
        const codec = goldenCodec(typeName);
        const bytes = Buffer.from(hex, 'hex');
        if (bytes.length > 0) bytes[at % bytes.length] = byte;
        for (const use of [codec.validate, codec.decode, codec.toJson, codec.toLiteral, codec.toDisplayString]) {
          expect(
            onlyCorruption(() => use.call(codec, bytes, 0, bytes.length)),
            use.name,
          ).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('are refused for lengths that no value has', () => {
    for (const [name, length] of [
      ['int', 3],
      ['bigint', 7],
      ['float', 2],
      ['double', 9],
      ['uuid', 15],
      ['date', 3],
      ['time', 4],
      ['inet', 5],
      ['decimal', 4],
      ['boolean', 2],
      ['tinyint', 0],
      ['smallint', 1],
    ] as const) {
      const codec = codecOf({ kind: 'native', name });
      expect(() => codec.validate(new Uint8Array(length), 0, length), name).toThrow(CorruptionError);
    }
  });

  it('do not allocate what a count promises', () => {
    const codec = goldenCodec('FrozenType(ListType(Int32Type))');
    expect(() => codec.decode(Buffer.from('7fffffff00000004', 'hex'), 0, 8)).toThrow(CorruptionError);
  });
});

function onlyCorruption(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof CorruptionError) return true;
    throw error;
  }
}

describe.skipIf(!hasCorpus)('order of the rows that Cassandra wrote', () => {
  it.each([
    ['blob', 1],
    ['decimal', -1],
    ['double', 1],
    ['inet', 1],
    ['text', -1],
    ['timestamp', -1],
    ['timeuuid', 1],
    ['varint', -1],
  ] as const)('order_%s', (name, direction) => {
    const codec = codecOf({ kind: 'native', name });
    const rows: [string, string | null][] = corpusLines(`test_edge.order_${name}.raw.jsonl`)!
      .slice(1)
      .map((line) => JSON.parse(line));
    let compared = 0;
    for (let i = 1; i < rows.length; i++) {
      const [before, after] = [rows[i - 1], rows[i]];
      if (before[0] !== after[0] || before[1] === null || after[1] === null) continue;
      const [a, b] = [Buffer.from(before[1], 'hex'), Buffer.from(after[1], 'hex')];
      expect(codec.compare(a, 0, a.length, b, 0, b.length) * direction, `${before[1]} ${after[1]}`).toBeLessThan(0);
      compared++;
    }
    expect(compared).toBeGreaterThan(30);
  });
});
