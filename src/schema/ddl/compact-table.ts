import type { CqlType } from '../../types/index.ts';
import {
  type ColumnDefinition,
  defineTable,
  isMultiCell,
  type TableFlag,
  type TableMetadata,
  type TableOptions,
} from '../model/index.ts';
import { checkCounters, type NewColumn } from './new-column.ts';
import { invalid } from './refusal.ts';

interface CompactTable {
  readonly keyspace: string;
  readonly name: string;
  readonly id: string;
  readonly options: TableOptions;
  readonly partitionKey: readonly NewColumn[];
  readonly clustering: readonly (NewColumn & { readonly reversed: boolean })[];
  readonly others: readonly NewColumn[];
  readonly hasCounters: boolean;
}

const TEXT: CqlType = { kind: 'native', name: 'text' };

/**
 * A table WITH COMPACT STORAGE (`CreateTableStatement.fixupCompactTable`, 5.0.8). With clustering columns it is dense: at
 * most one other column holds the value. Without, its columns are stored as static ones, beside a hidden clustering
 * column for their names and a hidden value.
 */
export function defineCompactTable(table: CompactTable): TableMetadata {
  const { clustering, others, hasCounters } = table;
  checkCompact(table);
  checkCounters(hasCounters, others, table.options);
  const dense = clustering.length > 0;
  const columns: ColumnDefinition[] = [
    ...table.partitionKey.map((column): ColumnDefinition => ({ ...plain(column), kind: 'partition_key' })),
    ...clustering.map(
      (column): ColumnDefinition => ({ ...plain(column), kind: 'clustering', reversed: column.reversed }),
    ),
    ...others.map((column): ColumnDefinition => ({ ...plain(column), kind: dense ? 'regular' : 'static' })),
  ];
  const used = new Set(columns.map((column) => column.name));
  if (!dense) {
    columns.push({ name: unusedName('column', 1, used), kind: 'clustering', type: TEXT });
    const value: CqlType = { kind: 'native', name: hasCounters ? 'counter' : 'blob' };
    columns.push({ name: unusedName('value', 0, used), kind: 'regular', type: value });
  } else if (others.length === 0) {
    columns.push({ name: unusedName('value', 0, used), kind: 'regular', type: { kind: 'native', name: 'empty' } });
  }
  const flags: TableFlag[] = [];
  if (dense) flags.push('dense');
  if (clustering.length > 1) flags.push('compound');
  if (hasCounters) flags.push('counter');
  return defineTable({
    keyspace: table.keyspace,
    name: table.name,
    id: table.id,
    options: table.options,
    columns,
    flags,
  });
}

function checkCompact({ clustering, others }: CompactTable): void {
  if (others.some((column) => isMultiCell(column.type))) {
    throw invalid('Non-frozen collections and UDTs are not supported with COMPACT STORAGE');
  }
  if (others.some((column) => column.static)) {
    throw invalid('Static columns are not supported in COMPACT STORAGE tables');
  }
  if (clustering.length === 0 && others.length === 0) {
    throw invalid('No definition found that is not part of the PRIMARY KEY');
  }
  if (clustering.length > 0 && others.length > 1) {
    throw invalid(
      'COMPACT STORAGE with composite PRIMARY KEY allows no more than one column not part of the PRIMARY KEY ' +
        `(got: ${others.map((column) => column.name).join(', ')})`,
    );
  }
}

/** `column1`, `column2`…; `value`, `value1`…: the first that no column has. */
function unusedName(stem: string, first: number, used: ReadonlySet<string>): string {
  for (let i = first; ; i++) {
    const name = i === 0 ? stem : `${stem}${i}`;
    if (!used.has(name)) return name;
  }
}

function plain(column: NewColumn): { name: string; type: CqlType; mask: NewColumn['mask'] } {
  return { name: column.name, type: column.type, mask: column.mask };
}
