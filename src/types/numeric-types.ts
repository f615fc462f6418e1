import type { NativeTypeName } from './cql-type.ts';

/** Types of numbers, in the order in which Cassandra tries their operators (`OperationFcts`, 5.0.8). */
export const NUMERIC_TYPES = [
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'decimal',
  'varint',
  'counter',
] as const satisfies readonly NativeTypeName[];

export type NumericTypeName = (typeof NUMERIC_TYPES)[number];

const NUMERIC: ReadonlySet<string> = new Set(NUMERIC_TYPES);

export function isNumeric(name: NativeTypeName): name is NumericTypeName {
  return NUMERIC.has(name);
}
