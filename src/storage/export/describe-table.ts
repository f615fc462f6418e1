import { type ColumnKind, defineTable, type TableMetadata } from '../../schema/model/index.ts';
import { freezeType, parseCqlTypeName } from '../../types/index.ts';

/** Types by the names of columns, as CQL writes them: `int`, `frozen<map<text, int>>`, of clustering columns `int DESC`. */
export type ColumnTypes = Readonly<Record<string, string>>;

export interface TableDescription {
  readonly keyspace: string;
  readonly name: string;
  /** In the key's order. */
  readonly partitionKey: ColumnTypes;
  /** In the key's order; a type followed by DESC is stored last to first. */
  readonly clustering?: ColumnTypes;
  readonly statics?: ColumnTypes;
  readonly columns?: ColumnTypes;
}

/** 32 digits that no table has: an SSTable does not hold its table's id. */
const NO_ID = '0'.repeat(32);
const DESCENDING = /\s+desc\s*$/i;

/** A table for writing SSTables, without its CQL; a CqlError for a type that is none. User types are not known here. */
export function describeTable(description: TableDescription): TableMetadata {
  const { keyspace, name, partitionKey, clustering = {}, statics = {}, columns = {} } = description;
  const columnsOf = (types: ColumnTypes, kind: ColumnKind) =>
    Object.entries(types).map(([column, text]) => {
      const type = parseCqlTypeName(text.replace(DESCENDING, ''), () => null);
      const isKey = kind === 'partition_key' || kind === 'clustering';
      const reversed = kind === 'clustering' && DESCENDING.test(text);
      return { name: column, kind, type: isKey ? freezeType(type) : type, reversed };
    });
  return defineTable({
    keyspace,
    name,
    id: NO_ID,
    columns: [
      ...columnsOf(partitionKey, 'partition_key'),
      ...columnsOf(clustering, 'clustering'),
      ...columnsOf(statics, 'static'),
      ...columnsOf(columns, 'regular'),
    ],
  });
}
