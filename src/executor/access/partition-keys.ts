import { compareUnsigned, murmur3Token } from '../../bytes/index.ts';
import { CorruptionError, CqlError } from '../../errors/index.ts';
import type { KeyComponent } from '../../planner/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import type { DecoratedKey } from '../../storage/rows/index.ts';
import { codecOf } from '../../types/index.ts';
import { sortedUnique } from '../evaluate/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { columnChoices, columnValue } from './condition-values.ts';

const MAX_KEY_BYTES = 65_535;

/** The partitions of a write. */
export function writtenPartitionKeys(
  components: readonly KeyComponent[],
  table: TableMetadata,
  context: StatementContext,
): DecoratedKey[] {
  return keyValues(components, table, context).map((values) => {
    const key = decoratedKey(values);
    checkBytes(values, table);
    return key;
  });
}

/** The partitions of a SELECT, before `checkPartitionKey`. */
export function selectedPartitionKeys(
  components: readonly KeyComponent[],
  table: TableMetadata,
  context: StatementContext,
): DecoratedKey[] {
  return keyValues(components, table, context).map(decorate);
}

/**
 * The whole partition keys that a statement names, distinct, ordered component by component as their types order them
 * (`PartitionKeySingleRestrictionSet.values`, 5.0.8): that is also the order of the answer.
 */
function keyValues(
  components: readonly KeyComponent[],
  table: TableMetadata,
  context: StatementContext,
): Uint8Array[][] {
  let keys: Uint8Array[][] = [[]];
  for (const [i, component] of components.entries()) {
    const codec = codecOf(table.partitionKey[i].type);
    const values = componentValues(component, context);
    // No choices (`IN ()`) select no partition, so that later restrictions are not even evaluated.
    if (values.length === 0) return [];
    const choices = values.length === 1 ? values : sortedUnique(values, codec.compare.bind(codec));
    keys = keys.flatMap((key) => choices.map((choice) => [...key, choice]));
  }
  return keys;
}

/** Cassandra takes hexadecimal bytes for a constant of these types too, and looks at the bytes in keys of writes only. */
function checkBytes(values: readonly Uint8Array[], { partitionKey }: TableMetadata): void {
  for (const [i, { type }] of partitionKey.entries()) {
    if (type.kind !== 'tuple' && !(type.kind === 'native' && type.name === 'tinyint')) continue;
    try {
      codecOf(type).validate(values[i], 0, values[i].length);
    } catch (error) {
      if (error instanceof CorruptionError) throw CqlError.invalidRequest(error.message);
      throw error;
    }
  }
}

function componentValues(component: KeyComponent, context: StatementContext): Uint8Array[] {
  if (component.kind === 'list') return columnChoices(component.list, component, context);
  const { values } = component;
  return values.length === 1 ? [columnValue(values[0], component, context)] : columnChoices(values, component, context);
}

/** One column is the key itself; several are a composite: int16 length, bytes, int8 0 for each. */
export function packPartitionKey(values: readonly Uint8Array[]): Uint8Array {
  if (values.length === 1) return values[0];
  const packed = new Uint8Array(values.reduce((length, value) => length + value.length + 3, 0));
  let p = 0;
  for (const value of values) {
    packed[p++] = value.length >>> 8;
    packed[p++] = value.length;
    packed.set(value, p);
    p += value.length + 1;
  }
  return packed;
}

/** The key of a partition that a statement names. Throws for one that Cassandra takes for too long or empty. */
export function decoratedKey(values: readonly Uint8Array[]): DecoratedKey {
  const decorated = decorate(values);
  checkPartitionKey(decorated.key);
  return decorated;
}

function decorate(values: readonly Uint8Array[]): DecoratedKey {
  checkKeyLength(values);
  const key = packPartitionKey(values);
  return { token: murmur3Token(key), key };
}

/** Throws InvalidRequest for a key that no table takes. */
export function checkPartitionKey(key: Uint8Array): void {
  if (key.length === 0) throw CqlError.invalidRequest('Key may not be empty');
  if (key.length > MAX_KEY_BYTES) throw keyTooLong(key.length);
}

/** The values of a partition key or of a clustering, together (`ClusteringPrefix.validate`, 5.0.8). */
export function checkKeyLength(values: readonly Uint8Array[]): void {
  let bytes = 0;
  for (const value of values) bytes += value.length;
  if (bytes > MAX_KEY_BYTES) throw keyTooLong(bytes);
}

function keyTooLong(bytes: number): CqlError {
  return CqlError.invalidRequest(`Key length of ${bytes} is longer than maximum of ${MAX_KEY_BYTES}`);
}

export function sameKey(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareUnsigned(a, 0, a.length, b, 0, b.length) === 0;
}
