import type { RenameColumns } from '../../parser/ast/index.ts';
import { quoteIdentifier } from '../../types/index.ts';
import {
  defineTable,
  definitionOf,
  type KeyspaceMetadata,
  type TableMetadata,
  viewsOf,
  visibleColumn,
  withTable,
} from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { qualifiedName } from '../qualified-name.ts';
import { dependentIndexes } from './index-target.ts';
import { invalid } from './refusal.ts';
import { renameInWhereText } from './view-where-text.ts';

/** `ALTER TABLE … RENAME`: only key columns have names that no SSTable knows. Views follow. */
export function renameColumns(
  keyspace: KeyspaceMetadata,
  table: TableMetadata,
  action: RenameColumns,
): KeyspaceMetadata {
  const name = qualifiedName(table.keyspace, table.name);
  const renames = new Map<string, string>();
  for (const { from, to } of action.renames) {
    const column = visibleColumn(table, from.text);
    if (column === undefined) {
      // IF EXISTS does not help: Cassandra looks the column up in a way that refuses unknown ones.
      throw invalid(`Undefined column name ${quoteIdentifier(from.text)} in table ${name}`, {
        position: from.position,
        suggestion: didYouMean(from.text, table.columns.keys()),
      });
    }
    if (column.kind !== 'partition_key' && column.kind !== 'clustering') {
      throw invalid(`Cannot rename non PRIMARY KEY column ${from.text}`, { position: from.position });
    }
    if (table.columns.has(to.text)) {
      throw invalid(
        `Cannot rename column ${from.text} to ${to.text} in table '${name}'; ` +
          'another column with that name already exists',
        { position: to.position },
      );
    }
    const indexes = dependentIndexes(table, from.text);
    if (indexes.length > 0) {
      throw invalid(
        `Can't rename column ${from.text} because it has dependent secondary indexes (${indexes.join(', ')})`,
      );
    }
    renames.set(from.text, to.text);
  }
  const views = viewsOf(keyspace, table).filter((view) => [...renames.keys()].some((from) => view.columns.has(from)));
  return views.reduce(
    (ks, view) => withTable(ks, renamed(view, renames)),
    withTable(keyspace, renamed(table, renames)),
  );
}

function renamed(table: TableMetadata, renames: ReadonlyMap<string, string>): TableMetadata {
  const definition = definitionOf(table);
  const columns = definition.columns.map((column) => ({ ...column, name: renames.get(column.name) ?? column.name }));
  const view = table.view && {
    ...table.view,
    whereClause: renameInWhereText(table.view.whereClause, renames),
  };
  return defineTable({ ...definition, columns, view });
}
