import type { NativeTypeName } from './cql-type.ts';

/** Kinds of constants in CQL text; `special` is NaN and Infinity. */
export type ConstantKind = 'string' | 'integer' | 'uuid' | 'float' | 'special' | 'boolean' | 'hex' | 'duration';

/** Native types that each kind of constant may be of (`Constants.Literal.testAssignment`, 5.0.8). */
export const CONSTANT_TYPES: Readonly<Record<ConstantKind, readonly NativeTypeName[]>> = {
  string: ['ascii', 'text', 'inet', 'date', 'time', 'timestamp'],
  integer: [
    'bigint',
    'counter',
    'date',
    'decimal',
    'double',
    'duration',
    'float',
    'int',
    'smallint',
    'time',
    'timestamp',
    'tinyint',
    'varint',
  ],
  uuid: ['uuid', 'timeuuid'],
  float: ['decimal', 'double', 'float'],
  special: ['decimal', 'double', 'float'],
  boolean: ['boolean'],
  hex: ['blob'],
  duration: ['duration'],
};
