import type { CqlType } from '../../types/index.ts';
import { type ColumnDefinition, defineTable, isCounterType, type TableMetadata } from '../model/index.ts';

/** What an SSTable's serialization header says of its table (Statistics.db, `db/SerializationHeader.Component`). */
export interface SSTableHeader {
  /** A CompositeType when the partition key has several columns. */
  readonly keyType: CqlType;
  readonly clusteringTypes: readonly { readonly type: CqlType; readonly reversed: boolean }[];
  readonly statics: ReadonlyMap<string, CqlType>;
  readonly regulars: ReadonlyMap<string, CqlType>;
}

/**
 * A table as its SSTable describes itself. Names of key columns are not in the file: they become `key`, `key2`… and
 * `clustering1`, `clustering2`…, with underscores behind them should a column already have the name.
 */
export function inferTable(header: SSTableHeader, keyspace: string, name: string, id: string): TableMetadata {
  const used = new Set([...header.statics.keys(), ...header.regulars.keys()]);
  const unused = (wanted: string): string => {
    let free = wanted;
    while (used.has(free)) free += '_';
    used.add(free);
    return free;
  };
  const { keyType } = header;
  const keyTypes = (keyType.kind === 'custom' ? keyType.components : undefined) ?? [keyType];
  const columns: ColumnDefinition[] = [
    ...keyTypes.map(
      (type, i): ColumnDefinition => ({
        name: unused(i === 0 ? 'key' : `key${i + 1}`),
        kind: 'partition_key',
        type,
      }),
    ),
    ...header.clusteringTypes.map(
      ({ type, reversed }, i): ColumnDefinition => ({
        name: unused(`clustering${i + 1}`),
        kind: 'clustering',
        type,
        reversed,
      }),
    ),
    ...[...header.statics].map(([column, type]): ColumnDefinition => ({ name: column, kind: 'static', type })),
    ...[...header.regulars].map(([column, type]): ColumnDefinition => ({ name: column, kind: 'regular', type })),
  ];
  const counter = [...header.statics.values(), ...header.regulars.values()].some(isCounterType);
  return defineTable({
    keyspace,
    name,
    id,
    columns,
    flags: counter ? ['compound', 'counter'] : ['compound'],
    inferred: true,
  });
}

/** One table for several SSTables, whose headers each name only the columns that occur in them. */
export function mergeHeaders(headers: readonly SSTableHeader[]): SSTableHeader {
  const [first] = headers;
  return {
    keyType: first.keyType,
    clusteringTypes: first.clusteringTypes,
    statics: new Map(headers.flatMap((header) => [...header.statics])),
    regulars: new Map(headers.flatMap((header) => [...header.regulars])),
  };
}
