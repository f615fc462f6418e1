import type { NativeType, NativeTypeName } from '../../types/index.ts';
import { codecOf } from '../../types/index.ts';

/** The one object of a native type. */
export function nativeType(name: NativeTypeName): NativeType {
  // A native codec's type is the native type that it was asked for.
  return codecOf({ kind: 'native', name }).type as NativeType;
}

/** Types with arithmetic, in the order of `OperationFcts` (5.0.8). */
export const NUMERIC_TYPES: readonly NativeTypeName[] = [
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'decimal',
  'varint',
  'counter',
];
