import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageFunction } from '../../src/executor/functions/average.ts';
import { countFunction } from '../../src/executor/functions/count.ts';
import { maxFunction, minFunction } from '../../src/executor/functions/extremes.ts';
import { sumFunction } from '../../src/executor/functions/sum.ts';
import { numberSearch } from '../../src/executor/operators/number-search.ts';
import { loopsOf } from '../../src/executor/operators/state-loops.ts';
import type { AggregateFunction, FunctionContext } from '../../src/planner/index.ts';
import { ColumnVector } from '../../src/storage/scan/index.ts';
import { codecOf, type NativeTypeName, roughNumber } from '../../src/types/index.ts';

const NUMBERS = ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double'] as const;
const BYTES: Record<(typeof NUMBERS)[number], number> = {
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  float: 4,
  double: 8,
};
const OTHERS = ['text', 'blob', 'boolean', 'timestamp', 'date', 'uuid'] as const;

const int: NativeTypeName = 'int';
const AGGREGATES: [string, NativeTypeName, AggregateFunction][] = [
  ['count', int, countFunction()],
  ...NUMBERS.flatMap((name): [string, NativeTypeName, AggregateFunction][] => [
    ['sum', name, sumFunction(name)],
    ['avg', name, averageFunction(name)],
  ]),
  ...[...NUMBERS, ...OTHERS].flatMap((name): [string, NativeTypeName, AggregateFunction][] => [
    ['min', name, minFunction({ kind: 'native', name })],
    ['max', name, maxFunction({ kind: 'native', name })],
  ]),
];

/** Bytes of a type's values, equal and near ones among them. */
function bytesOf(name: NativeTypeName): fc.Arbitrary<Uint8Array> {
  const ofLength = (length: number): fc.Arbitrary<Uint8Array> =>
    fc
      .uint8Array({ minLength: length, maxLength: length, max: 255 })
      .map((bytes) => bytes.map((b) => (b < 64 ? 0 : b)));
  if (name === 'text' || name === 'blob') return fc.uint8Array({ maxLength: 9, max: 2 });
  if (name === 'boolean') return fc.constantFrom(Uint8Array.of(0), Uint8Array.of(1));
  if (name === 'uuid') return ofLength(16);
  if (name === 'timestamp') return ofLength(8);
  if (name === 'date') return ofLength(4);
  const number = NUMBERS.find((one) => one === name) ?? 'int';
  if (number === 'double' || number === 'float') {
    const special = [0, -0, 1, -1, 1.5, Number.NaN, Infinity, -Infinity];
    return fc.constantFrom(...special).map((value) => codecOf({ kind: 'native', name }).encode(value));
  }
  return ofLength(BYTES[number]);
}

const CONTEXT: FunctionContext = { nowMillis: 0, nextTimeUuid: () => new Uint8Array(16) };

function vectorOf(values: readonly (Uint8Array | null)[]): ColumnVector {
  const vector = new ColumnVector(values.length);
  for (const [i, value] of values.entries()) {
    if (value === null) vector.setNull(i);
    else vector.set(i, Uint8Array.of(7, ...value, 7), 1, 1 + value.length);
  }
  return vector;
}

describe('loops over a column give what row by row gives', () => {
  it.each(AGGREGATES)('%s of %s', (_, name, aggregate) => {
    const column = fc.array(fc.option(fc.oneof(bytesOf(name), fc.constant(new Uint8Array(0))), { freq: 5 }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(column, fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 30, maxLength: 30 }), (values, of) => {
        const vector = vectorOf(values);
        const plain = [0, 1, 2].map(() => aggregate.createState(CONTEXT));
        for (const [i, value] of values.entries()) if (of[i] >= 0) plain[of[i]].add([value]);
        const groups = [0, 1, 2].map(() => ({ first: [], states: [aggregate.createState(CONTEXT)] }));
        loopsOf(groups[0].states[0]).addGrouped(groups, 0, vector, null, values.length, Int32Array.from(of));
        expect(groups.map(({ states }) => states[0].result())).toEqual(plain.map((state) => state.result()));

        const second = values.flatMap((_, i) => (of[i] === 1 ? [i] : []));
        const all = aggregate.createState(CONTEXT);
        loopsOf(all).addAll(all, vector, Int32Array.from(second), 0, second.length);
        expect(all.result()).toEqual(plain[1].result());
      }),
      { numRuns: 60 },
    );
  });

  it.each([...NUMBERS, ...OTHERS])('the search for numbers of %s', (name) => {
    const type = { kind: 'native', name } as const;
    const rough = roughNumber(type);
    if (rough === null) {
      expect(numberSearch(type, 1)).toBeNull();
      return;
    }
    fc.assert(
      fc.property(
        fc.array(fc.option(bytesOf(name)), { maxLength: 20 }),
        bytesOf(name),
        fc.constantFrom(1, -1),
        (values, operand, sign) => {
          const worst = rough(operand, 0, operand.length);
          const isWithin = (value: Uint8Array | null): boolean =>
            value === null
              ? sign > 0
              : (rough(value, 0, value.length) - worst) * sign <= 0 || Object.is(rough(value, 0, value.length), worst);
          const expected = values.findIndex(isWithin);
          const found = numberSearch(type, sign)?.(vectorOf(values), null, 0, values.length, worst);
          expect(found).toBe(expected < 0 ? values.length : expected);
        },
      ),
      { numRuns: 100 },
    );
  });
});
