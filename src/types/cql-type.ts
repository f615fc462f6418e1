/**
 * A CQL type as the schema knows it. `frozen` stands only where it changes the bytes on disk or the operations allowed:
 * on collections, UDTs and tuples (tuples are always stored as one value). `reversed` is not part of a type; it belongs
 * to a clustering column.
 */
export type CqlType = NativeType | ListType | SetType | MapType | TupleType | UserType | VectorType | CustomType;

/** CQL's native types under the names that a type has; `varchar` is another word for `text`. */
export const NATIVE_TYPE_NAMES = [
  'ascii',
  'bigint',
  'blob',
  'boolean',
  'counter',
  'date',
  'decimal',
  'double',
  'duration',
  'empty',
  'float',
  'inet',
  'int',
  'smallint',
  'text',
  'time',
  'timestamp',
  'timeuuid',
  'tinyint',
  'uuid',
  'varint',
] as const;
export type NativeTypeName = (typeof NATIVE_TYPE_NAMES)[number];

export interface NativeType {
  readonly kind: 'native';
  readonly name: NativeTypeName;
}

export interface ListType {
  readonly kind: 'list';
  readonly element: CqlType;
  readonly frozen: boolean;
}

export interface SetType {
  readonly kind: 'set';
  readonly element: CqlType;
  readonly frozen: boolean;
}

export interface MapType {
  readonly kind: 'map';
  readonly key: CqlType;
  readonly value: CqlType;
  readonly frozen: boolean;
}

export interface TupleType {
  readonly kind: 'tuple';
  readonly elements: readonly CqlType[];
}

export interface UserTypeField {
  readonly name: string;
  readonly type: CqlType;
}

export interface UserType {
  readonly kind: 'udt';
  readonly keyspace: string;
  readonly name: string;
  readonly fields: readonly UserTypeField[];
  readonly frozen: boolean;
}

export interface VectorType {
  readonly kind: 'vector';
  readonly element: CqlType;
  readonly dimensions: number;
}

/**
 * A marshal class that CQL has no name for: `DynamicCompositeType`, `CompositeType(…)`, `PartitionerDefinedOrder`, a
 * user's own class. Its bytes are shown as a blob; `composite` types know their components.
 */
export interface CustomType {
  readonly kind: 'custom';
  /** The whole class name with its parameters. */
  readonly className: string;
  /** Components of a CompositeType, in order; absent for all others. */
  readonly components?: readonly CqlType[];
}
