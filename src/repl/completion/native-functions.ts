import { NATIVE_TYPE_NAMES } from '../../types/index.ts';

/** What completion shows of a native function (`cql3/functions`, 5.0.8). `returns` null: the argument's own type. */
export interface NativeFunction {
  readonly name: string;
  readonly signature: string;
  readonly returns: string | null;
  /** Over all rows of a group: no value for WHERE or VALUES. */
  readonly isAggregate?: boolean;
  /** It needs no column: of use as a value to write or compare with. */
  readonly isSource?: boolean;
}

export const NATIVE_FUNCTIONS: readonly NativeFunction[] = [
  { name: 'now', signature: '() timeuuid', returns: 'timeuuid', isSource: true },
  { name: 'uuid', signature: '() uuid', returns: 'uuid', isSource: true },
  { name: 'current_timestamp', signature: '() timestamp', returns: 'timestamp', isSource: true },
  { name: 'current_date', signature: '() date', returns: 'date', isSource: true },
  { name: 'current_time', signature: '() time', returns: 'time', isSource: true },
  { name: 'current_timeuuid', signature: '() timeuuid', returns: 'timeuuid', isSource: true },
  { name: 'min_timeuuid', signature: '(timestamp) timeuuid', returns: 'timeuuid', isSource: true },
  { name: 'max_timeuuid', signature: '(timestamp) timeuuid', returns: 'timeuuid', isSource: true },
  { name: 'to_date', signature: '(timeuuid | timestamp) date', returns: 'date', isSource: true },
  { name: 'to_timestamp', signature: '(timeuuid | date) timestamp', returns: 'timestamp', isSource: true },
  { name: 'to_unix_timestamp', signature: '(timeuuid | timestamp | date) bigint', returns: 'bigint', isSource: true },
  { name: 'from_json', signature: '(text) any type', returns: null, isSource: true },
  { name: 'to_json', signature: '(any type) text', returns: 'text' },
  { name: 'count', signature: '(* | column) bigint', returns: 'bigint', isAggregate: true },
  { name: 'min', signature: '(column) its type', returns: null, isAggregate: true },
  { name: 'max', signature: '(column) its type', returns: null, isAggregate: true },
  { name: 'sum', signature: '(number) its type', returns: null, isAggregate: true },
  { name: 'avg', signature: '(number) its type', returns: null, isAggregate: true },
  { name: 'abs', signature: '(number) its type', returns: null },
  { name: 'exp', signature: '(number) its type', returns: null },
  { name: 'log', signature: '(number) its type', returns: null },
  { name: 'log10', signature: '(number) its type', returns: null },
  { name: 'round', signature: '(number) its type', returns: null },
  { name: 'map_keys', signature: '(map) set', returns: 'set' },
  { name: 'map_values', signature: '(map) list', returns: 'list' },
  { name: 'collection_count', signature: '(collection) int', returns: 'int' },
  { name: 'collection_min', signature: '(list | set) element', returns: null },
  { name: 'collection_max', signature: '(list | set) element', returns: null },
  { name: 'collection_sum', signature: '(list | set) element', returns: null },
  { name: 'collection_avg', signature: '(list | set) element', returns: null },
  { name: 'similarity_cosine', signature: '(vector, vector) float', returns: 'float' },
  { name: 'similarity_euclidean', signature: '(vector, vector) float', returns: 'float' },
  { name: 'similarity_dot_product', signature: '(vector, vector) float', returns: 'float' },
  { name: 'mask_default', signature: '(column) its type', returns: null },
  { name: 'mask_null', signature: '(column) its type', returns: null },
  { name: 'mask_replace', signature: '(column, value) its type', returns: null },
  { name: 'mask_inner', signature: '(text, int, int [, text]) text', returns: 'text' },
  { name: 'mask_outer', signature: '(text, int, int [, text]) text', returns: 'text' },
  { name: 'mask_hash', signature: '(column [, algorithm]) blob', returns: 'blob' },
];

/** Types that stand alone; collections and the like are keywords of the grammar. */
export const NATIVE_TYPES: readonly string[] = [
  ...NATIVE_TYPE_NAMES.filter((name) => name !== 'empty'),
  'varchar',
].sort();
