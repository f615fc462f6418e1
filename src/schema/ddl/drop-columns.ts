import type { DropColumns } from '../../parser/ast/index.ts';
import { cqlTypeName } from '../../types/index.ts';
import { hashMapOrder, identifierHash } from '../java-order.ts';
import {
  type ColumnMetadata,
  type DroppedColumn,
  defineTable,
  definitionOf,
  expandUserTypes,
  type KeyspaceMetadata,
  type TableMetadata,
  viewsOf,
  withTable,
} from '../model/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { qualifiedName } from '../qualified-name.ts';
import type { DdlContext } from './context.ts';
import { dependentIndexes } from './index-target.ts';
import { invalid } from './refusal.ts';

/** `ALTER TABLE … DROP`: the column goes, a record of when and what it was stays. */
export function dropColumns(
  keyspace: KeyspaceMetadata,
  table: TableMetadata,
  action: DropColumns,
  context: DdlContext,
): KeyspaceMetadata {
  const droppedTimeMicros = action.timestamp === undefined ? context.nowMicros : BigInt(action.timestamp);
  const dropped = new Map<string, DroppedColumn>();
  for (const name of hashMapOrder(new Set(action.columns.map((column) => column.text)), identifierHash)) {
    const column = table.columns.get(name);
    if (column === undefined) {
      if (action.ifExists) continue;
      throw invalid(`Column ${name} was not found in table '${qualifiedName(table.keyspace, table.name)}'`, {
        position: action.columns.find((each) => each.text === name)?.position,
        suggestion: didYouMean(name, table.columns.keys()),
      });
    }
    const kind = checkDroppable(keyspace, table, column);
    dropped.set(name, { name, kind, type: expandUserTypes(column.type), droppedTimeMicros });
  }
  if (dropped.size === 0) return keyspace;
  const definition = definitionOf(table);
  const shrunk = defineTable({
    ...definition,
    columns: definition.columns.filter((column) => !dropped.has(column.name)),
    dropped: [...table.dropped.values(), ...dropped.values()],
  });
  return withTable(keyspace, shrunk);
}

function checkDroppable(
  keyspace: KeyspaceMetadata,
  table: TableMetadata,
  column: ColumnMetadata,
): DroppedColumn['kind'] {
  const { name, kind, type } = column;
  if (kind === 'partition_key' || kind === 'clustering') throw invalid(`Cannot drop PRIMARY KEY column ${name}`);
  if (type.kind === 'udt' && !type.frozen) {
    throw invalid(`Cannot drop non-frozen column ${name} of user type ${cqlTypeName(type)}`);
  }
  const indexes = dependentIndexes(table, name);
  if (indexes.length > 0) {
    throw invalid(`Cannot drop column ${name} because it has dependent secondary indexes (${indexes.join(', ')})`);
  }
  if (viewsOf(keyspace, table).length > 0) {
    throw invalid(`Cannot drop column ${name} on base table ${table.name} with materialized views`);
  }
  return kind;
}
