import { type CqlType, freezeType } from '../../types/index.ts';
import { type ColumnDefinition, defineTable } from './define-table.ts';
import type { TableMetadata } from './table.ts';
import { isCounterType } from './type-relations.ts';

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
  const { statics } = header;
  // A name may be in both lists only in a damaged file.
  const regulars = [...header.regulars].filter(([column]) => !statics.has(column));
  const used = new Set([...statics.keys(), ...regulars.map(([column]) => column)]);
  const unused = (wanted: string): string => {
    let free = wanted;
    while (used.has(free)) free += '_';
    used.add(free);
    return free;
  };
  const columns: ColumnDefinition[] = [
    ...keyTypes(header.keyType).map(
      (type, i): ColumnDefinition => ({
        name: unused(i === 0 ? 'key' : `key${i + 1}`),
        kind: 'partition_key',
        type: freezeType(type),
      }),
    ),
    ...header.clusteringTypes.map(
      ({ type, reversed }, i): ColumnDefinition => ({
        name: unused(`clustering${i + 1}`),
        kind: 'clustering',
        type: freezeType(type),
        reversed,
      }),
    ),
    ...[...statics].map(([column, type]): ColumnDefinition => ({ name: column, kind: 'static', type })),
    ...regulars.map(([column, type]): ColumnDefinition => ({ name: column, kind: 'regular', type })),
  ];
  const counter = columns.some((column) => isCounterType(column.type));
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

/** A composite partition key is one CompositeType. */
function keyTypes(keyType: CqlType): readonly CqlType[] {
  const components = keyType.kind === 'custom' ? (keyType.components ?? []) : [];
  return components.length > 0 ? components : [keyType];
}
