import { invariant } from '../../errors/index.ts';
import type { AggregateFunction, FunctionFactory, ScalarFunction } from '../../planner/index.ts';
import { type CqlType, isNumeric, type NumericTypeName } from '../../types/index.ts';
import { collectionParts, collectionSize } from '../evaluate/collection-access.ts';
import { packCounted } from '../evaluate/pack-collection.ts';
import { averageFunction } from './average.ts';
import { scalar } from './define-function.ts';
import { maxFunction, minFunction } from './extremes.ts';
import { intBytes } from './numbers.ts';
import { anyCollection, anyMap, factory, numericSetOrList, setOrList } from './parameters.ts';
import { sumFunction } from './sum.ts';

/** map_keys, map_values and collection_* (`CollectionFcts`, 5.0.8). */
export function collectionFactories(): FunctionFactory[] {
  return [
    factory('map_keys', [anyMap], ([type], name) => mapPart(name, type, 'keys')),
    factory('map_values', [anyMap], ([type], name) => mapPart(name, type, 'values')),
    factory('collection_count', [anyCollection], ([type], name) =>
      scalar({
        name,
        argumentTypes: [type],
        returnType: 'int',
        evaluate: ([bytes]) => (bytes === null ? null : intBytes(collectionSize(bytes))),
      }),
    ),
    factory('collection_min', [setOrList], ([type], name) => overElements(name, type, minFunction(elementOf(type)))),
    factory('collection_max', [setOrList], ([type], name) => overElements(name, type, maxFunction(elementOf(type)))),
    factory('collection_sum', [numericSetOrList], ([type], name) =>
      overElements(name, type, sumFunction(numericElement(type))),
    ),
    factory('collection_avg', [numericSetOrList], ([type], name) =>
      overElements(name, type, averageFunction(numericElement(type))),
    ),
  ];
}

function mapPart(name: string, type: CqlType, part: 'keys' | 'values'): ScalarFunction {
  invariant(type.kind === 'map', 'its parameter is a map');
  const returnType: CqlType =
    part === 'keys'
      ? { kind: 'set', element: type.key, frozen: false }
      : { kind: 'list', element: type.value, frozen: false };
  const first = part === 'keys' ? 0 : 1;
  return scalar({
    name,
    argumentTypes: [type],
    returnType,
    evaluate: ([bytes]) => {
      if (bytes === null) return null;
      const parts = collectionParts(bytes, true).filter((_, i) => i % 2 === first);
      return packCounted(parts.filter((value) => value !== null));
    },
  });
}

/** An aggregate of the elements of one collection. */
function overElements(name: string, type: CqlType, aggregate: AggregateFunction): ScalarFunction {
  return scalar({
    name,
    argumentTypes: [type],
    returnType: aggregate.returnType,
    evaluate: ([bytes], context) => {
      if (bytes === null) return null;
      const state = aggregate.createState(context);
      for (const element of collectionParts(bytes, false)) state.add([element]);
      return state.result();
    },
  });
}

function elementOf(type: CqlType): CqlType {
  invariant(type.kind === 'list' || type.kind === 'set', 'its parameter is a set or list');
  return type.element;
}

function numericElement(type: CqlType): NumericTypeName {
  const element = elementOf(type);
  invariant(element.kind === 'native' && isNumeric(element.name), 'its parameter is of numbers');
  return element.name;
}
