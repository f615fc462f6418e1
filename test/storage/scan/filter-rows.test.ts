import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemaFromCql } from '../../../src/schema/sources/cql-source.ts';
import { compileFilters, testOfRow } from '../../../src/storage/scan/filter-rows.ts';
import { ColumnVector } from '../../../src/storage/scan/index.ts';
import { codecOf, type NativeTypeName } from '../../../src/types/index.ts';

const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;

function encoded(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length });
}

function doubleBytes(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return new Uint8Array(bytes);
}

const VALUES: [NativeTypeName, fc.Arbitrary<Uint8Array>][] = [
  ['text', fc.string({ maxLength: 9 }).map((text) => new TextEncoder().encode(text))],
  ['blob', fc.uint8Array({ maxLength: 9, max: 2 })],
  ['tinyint', encoded(1)],
  ['smallint', encoded(2)],
  ['int', encoded(4)],
  ['bigint', encoded(8)],
  ['timestamp', fc.tuple(encoded(7), fc.constantFrom(0, 1, 255)).map(([bytes, last]) => Uint8Array.of(...bytes, last))],
  ['double', fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity)).map(doubleBytes)],
  ['uuid', encoded(16)],
  ['boolean', fc.constantFrom(Uint8Array.of(0), Uint8Array.of(1))],
];

function agree(order: number, operator: (typeof OPERATORS)[number]): boolean {
  if (operator === '=') return order === 0;
  if (operator === '!=') return order !== 0;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

describe('pushed filters', () => {
  it.each(VALUES)('compare values of %s as its codec does', (name, bytes) => {
    const column = schemaFromCql(`CREATE TABLE ks.t (k int PRIMARY KEY, v ${name});`)
      .schema.keyspaces.get('ks')
      ?.tables.get('t')
      ?.columns.get('v');
    if (column === undefined) throw new TypeError('no column');
    const codec = codecOf(column.type);
    // Values near each other, empty ones and nulls too.
    const pair = fc
      .tuple(bytes, bytes)
      .chain(([a, b]) => fc.tuple(fc.constantFrom(a, b, new Uint8Array(0), null), fc.constantFrom(a, b)));
    fc.assert(
      fc.property(pair, fc.constantFrom(...OPERATORS), ([value, operand], operator) => {
        const test = testOfRow(
          compileFilters([{ column, wanted: 'value' }], [{ column: 0, operator, operands: [operand] }]),
        );
        const vector = new ColumnVector(1);
        if (value === null) vector.setNull(0);
        else vector.set(0, Uint8Array.of(7, ...value, 7), 1, 1 + value.length);
        const order = value === null ? null : codec.compare(value, 0, value.length, operand, 0, operand.length);
        expect(test?.([vector], 0)).toBe(order !== null && agree(order, operator));
      }),
      { numRuns: 300 },
    );
  });
});
