import fc from 'fast-check';
import { type CqlType, codecOf, type NativeTypeName } from '../../src/types/index.ts';

export const native = (name: NativeTypeName): CqlType => ({ kind: 'native', name });

/** Values' bytes, often near each other: a small alphabet, limits, and empty where the type has that. */
const fixed = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.uint8Array({ minLength: length, maxLength: length }),
    fc
      .array(fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff), { minLength: length, maxLength: length })
      .map((bytes) => Uint8Array.from(bytes)),
    fc.constant(new Uint8Array(0)),
  );
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 6 }),
  fc.array(fc.constantFrom(0, 0, 1, 0xfe, 0xff), { maxLength: 8 }).map((bytes) => Uint8Array.from(bytes)),
);
const ascii = fc
  .string({ unit: fc.constantFrom('\0', '\x01', 'a', 'b', '\x7f'), maxLength: 6 })
  .map((s) => Buffer.from(s));
const varint = fc
  .oneof(fc.bigInt({ min: -(2n ** 20n), max: 2n ** 20n }), fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }))
  .map((value) => codecOf(native('varint')).encode(value));
const decimal = fc
  .tuple(
    fc.integer({ min: -30, max: 30 }),
    fc.oneof(fc.bigInt({ min: -1200n, max: 1200n }), fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n })),
  )
  .map(([scale, unscaled]) => {
    const head = Buffer.alloc(4);
    head.writeInt32BE(scale);
    return Buffer.concat([head, codecOf(native('varint')).encode(unscaled)]);
  });
const uuid = (version: number): fc.Arbitrary<Uint8Array> =>
  fc.array(fc.constantFrom<number>(0, 1, 0x10, 0x7f, 0x80, 0xff), { minLength: 16, maxLength: 16 }).map((bytes) => {
    bytes[6] = (bytes[6] & 0x0f) | (version << 4);
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return Uint8Array.from(bytes);
  });

const lengthPrefixed = (value: Uint8Array | null): Buffer => {
  const head = Buffer.alloc(4);
  head.writeInt32BE(value === null ? -1 : value.length);
  return value === null ? head : Buffer.concat([head, value]);
};
const counted = (values: readonly Uint8Array[], perElement = 1): Buffer => {
  const head = Buffer.alloc(4);
  head.writeInt32BE(values.length / perElement);
  return Buffer.concat([head, ...values.map(lengthPrefixed)]);
};
const int = fixed(4).filter((bytes) => bytes.length === 4);
const frozen = true;

/** A type, and values of it that are often near each other. */
export const COMPARABLE_VALUES: readonly [string, CqlType, fc.Arbitrary<Uint8Array>][] = [
  ['tinyint', native('tinyint'), fixed(1)],
  ['smallint', native('smallint'), fixed(2)],
  ['int', native('int'), fixed(4)],
  ['bigint', native('bigint'), fixed(8)],
  ['timestamp', native('timestamp'), fixed(8)],
  ['time', native('time'), fixed(8)],
  ['date', native('date'), fixed(4)],
  ['float', native('float'), fixed(4).filter((b) => b.length === 0 || !Number.isNaN(Buffer.from(b).readFloatBE()))],
  ['double', native('double'), fixed(8).filter((b) => b.length === 0 || !Number.isNaN(Buffer.from(b).readDoubleBE()))],
  ['boolean', native('boolean'), fc.constantFrom(Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(1))],
  ['text', native('text'), ascii],
  ['ascii', native('ascii'), ascii],
  ['blob', native('blob'), anyBytes],
  ['inet', native('inet'), fc.oneof(fixed(4), fixed(16))],
  ['uuid', native('uuid'), fc.oneof(uuid(1), uuid(4), uuid(3))],
  ['timeuuid', native('timeuuid'), uuid(1)],
  ['varint', native('varint'), varint],
  ['decimal', native('decimal'), decimal],
  ['list', { kind: 'list', element: native('int'), frozen }, fc.array(int, { maxLength: 3 }).map((v) => counted(v))],
  [
    'map',
    { kind: 'map', key: native('text'), value: native('int'), frozen },
    fc
      .uniqueArray(fc.tuple(ascii, int), { maxLength: 3, selector: ([key]) => key.toString('latin1') })
      .map((pairs) => pairs.sort((a, b) => Buffer.compare(a[0], b[0])))
      .map((pairs) => counted(pairs.flat(), 2)),
  ],
  [
    'tuple',
    { kind: 'tuple', elements: [native('int'), native('text'), native('int')] },
    fc
      .tuple(fc.option(int), fc.option(ascii), fc.option(int))
      .map((values) => Buffer.concat(values.map(lengthPrefixed))),
  ],
  [
    'vector',
    { kind: 'vector', element: native('float'), dimensions: 2 },
    fc.tuple(fc.float({ noNaN: true }), fc.float({ noNaN: true })).map(([a, b]) => {
      const bytes = Buffer.alloc(8);
      bytes.writeFloatBE(a, 0);
      bytes.writeFloatBE(b, 4);
      return bytes;
    }),
  ],
];
