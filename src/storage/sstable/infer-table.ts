import { type ColumnDefinition, defineTable, type TableMetadata } from '../../schema/model/index.ts';
import { freezeType } from '../../types/freeze.ts';
import type { CqlType } from '../../types/index.ts';
import type { HeaderType, SerializationHeader } from './components/statistics/serialization-header.ts';

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
  const taken = new Set([...header.statics, ...header.regulars].map((column) => column.name));
  const columns: ColumnDefinition[] = [
    ...keyTypes(header.keyType).map((type, i) => keyColumn(type, i === 0 ? 'key' : `key${i + 1}`, taken)),
    ...header.clustering.map(({ type, reversed }, i): ColumnDefinition => {
      return { name: freeName(`clustering${i + 1}`, taken), kind: 'clustering', type: freezeType(type), reversed };
    }),
    ...header.statics.map((column): ColumnDefinition => ({ name: column.name, kind: 'static', type: column.type })),
    ...header.regulars
      // A name may be in both lists only in a damaged file.
      .filter((column) => !header.statics.some((other) => other.name === column.name))
      .map((column): ColumnDefinition => ({ name: column.name, kind: 'regular', type: column.type })),
  ];
  const isCounter = [...header.statics, ...header.regulars].some((column) => isCounterType(column.type));
  return defineTable({
    ...name,
    columns,
    flags: isCounter ? ['compound', 'counter'] : ['compound'],
    inferred: true,
  });
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

/** A composite partition key is one CompositeType. */
function keyTypes(keyType: HeaderType): readonly CqlType[] {
  const { type } = keyType;
  const isComposite = type.kind === 'custom' && /(^|\.)CompositeType\(/.test(type.className);
  return isComposite && type.components !== undefined && type.components.length > 0 ? type.components : [type];
}

function keyColumn(type: CqlType, name: string, taken: Set<string>): ColumnDefinition {
  return { name: freeName(name, taken), kind: 'partition_key', type: freezeType(type) };
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  while (taken.has(free)) free += '_';
  taken.add(free);
  return free;
}

function isCounterType(type: CqlType): boolean {
  return type.kind === 'native' && type.name === 'counter';
}
