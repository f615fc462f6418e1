import { inferTable as inferFromHeader, type TableMetadata } from '../../schema/model/index.ts';
import type { CqlType } from '../../types/index.ts';
import type { SerializationHeader } from './components/statistics/serialization-header.ts';

/** What a table is called when only its files are known. */
export interface TableName {
  readonly keyspace: string;
  readonly name: string;
  readonly id: string;
}

const UNKNOWN_ID = '0'.repeat(32);

/**
 * The table that an SSTable's own header describes. Key columns have no names there: they become `key`, `key2`… and
 * `clustering1`, `clustering2`….
 */
export function inferTable(header: SerializationHeader, name: TableName): TableMetadata {
  const types = (columns: SerializationHeader['statics']): ReadonlyMap<string, CqlType> =>
    new Map(columns.map((column) => [column.name, column.type]));
  return inferFromHeader(
    {
      keyType: header.keyType.type,
      clusteringTypes: header.clustering,
      statics: types(header.statics),
      regulars: types(header.regulars),
    },
    name.keyspace,
    name.name,
    name.id,
  );
}

export function nameOfDirectory(directory: string): TableName {
  const parts = directory.split('/').filter((part) => part !== '');
  const at = parts.findLastIndex((part) => /^.+-[0-9a-f]{32}$/.test(part));
  if (at < 1) return { keyspace: 'unknown', name: tableNameOf(parts.at(-1) ?? 'table'), id: UNKNOWN_ID };
  const table = parts[at];
  const index = parts.slice(at + 1).find((part) => part.startsWith('.'));
  return {
    keyspace: parts[at - 1],
    name: table.slice(0, -33) + (index ?? ''),
    id: table.slice(-32),
  };
}

function tableNameOf(directory: string): string {
  return directory.replace(/-[0-9a-f]{32}$/, '');
}
