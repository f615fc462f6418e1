import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyOptions } from '../../../src/transfer/copy/copy-options.ts';
import { fieldTextOf } from '../../../src/transfer/copy/field-text.ts';
import { CQLSH_CSV } from '../../../src/transfer/csv/csv-dialect.ts';
import { CsvWriter } from '../../../src/transfer/csv/csv-writer.ts';
import { type CqlValue, codecOf, type NativeTypeName } from '../../../src/types/index.ts';

const LONG = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const CASES: readonly (readonly [NativeTypeName, fc.Arbitrary<CqlValue>])[] = [
  ['int', fc.integer()],
  ['bigint', fc.oneof(LONG, fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }), fc.bigInt({ min: -100n, max: 100n }))],
  ['uuid', fc.uuid()],
  ['boolean', fc.boolean()],
  [
    'double',
    fc.oneof(
      fc.double(),
      fc.integer(),
      fc.integer().map((cents) => cents / 100),
      fc.constant(-0),
    ),
  ],
  [
    'timestamp',
    fc.oneof(LONG, fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }).map(BigInt), fc.bigInt(-2n, 2n)),
  ],
];

describe('a field written and read without strings', () => {
  const options = copyOptions('to', new Map());

  it.each(CASES)('is that of the %s codec', (name, values) => {
    const type = { kind: 'native', name } as const;
    const text = fieldTextOf(type, options);
    fc.assert(
      fc.property(values, (value) => {
        const cell = codecOf(type).encode(value);
        const slow = Buffer.from(text.write(cell)).toString();
        const writer = new CsvWriter(CQLSH_CSV);
        if (text.direct !== null && writer.direct(text.direct, cell)) {
          expect(Buffer.from(writer.sink.view()).toString()).toBe(slow);
        }
        const field = Buffer.from(`,${slow},`);
        const read = text.direct?.read(field, 1, field.length - 1) ?? null;
        if (read !== null) expect(Buffer.from(read)).toEqual(Buffer.from(cell));
        expect(Buffer.from(text.read(slow) ?? [])).toEqual(Buffer.from(cell));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['int', '2147483648'],
    ['int', '-'],
    ['int', '1.0'],
    ['bigint', '9007199254740993000'],
    ['uuid', 'f347d8c2-f811-4b7f-84a0-60c9ec38873g'],
    ['double', '1e5'],
    ['double', '.'],
    ['double', '1.2.3'],
    ['timestamp', '2021-02-29 00:00:00Z'],
    ['timestamp', '2021-02-28 24:00:00Z'],
    ['timestamp', '2021-02-28 00:00:00+0100'],
    ['timestamp', '0000-01-01 00:00:00Z'],
    ['boolean', 'yes'],
  ] as const)('of type %s, %s, is left to the codec', (name, text) => {
    const field = Buffer.from(text);
    const { direct } = fieldTextOf({ kind: 'native', name }, options);
    expect(direct?.read(field, 0, field.length)).toBeNull();
  });
});
