import { CorruptionError, CqlError } from '../../errors/index.ts';
import {
  type ColumnMetadata,
  isMultiCell,
  isOrderCompatible,
  isValueCompatible,
  type TableMetadata,
  valueShape,
} from '../../schema/model/index.ts';
import { type CqlType, cqlTypeName } from '../../types/index.ts';
import type { FileSystem } from '../files/index.ts';
import { inferTable } from '../sstable/infer-table.ts';
import { openSSTableSync, type SSTableReader } from '../sstable/sstable-reader.ts';
import { type Finding, verifyIndexes, verifyStored } from '../sstable/verify/index.ts';

/**
 * Refuses an SSTable that is damaged, or whose key and columns are not those of the table: afterwards it is the database's
 * own. Throws CorruptionError or InvalidRequest.
 */
export async function checkSource(files: FileSystem, dataPath: string, table: TableMetadata): Promise<void> {
  const report = ({ detail, place }: Finding): never => {
    throw new CorruptionError(detail, place);
  };
  const reader = openSSTableSync(files, dataPath, { table });
  try {
    checkColumns(reader, table);
    verifyIndexes(files, reader, report);
    reader.filter();
  } finally {
    reader.close();
  }
  await verifyStored(files, dataPath, report);
}

function checkColumns(reader: SSTableReader, table: TableMetadata): void {
  const { dataPath, header, layout } = reader;
  const stored = inferTable(header, { keyspace: table.keyspace, name: table.name, id: table.id });
  const name = `${table.keyspace}.${table.name}`;
  const refuse = (what: string): never => {
    throw CqlError.invalidRequest(`${dataPath} is not of ${name}: ${what}`);
  };
  if (stored.partitionKey.length !== table.partitionKey.length) {
    refuse(
      `its partition key is of ${stored.partitionKey.length} columns, the table's of ${table.partitionKey.length}`,
    );
  }
  checkOrdered(table.partitionKey, stored.partitionKey, 'partition key', refuse);
  checkOrdered(table.clustering, stored.clustering, 'clustering', refuse);
  for (const column of [...stored.statics, ...stored.regulars]) {
    const known = table.columns.get(column.name);
    if (layout.unknownColumns.includes(column.name) || known === undefined) {
      // One that was dropped is passed over.
      if (!layout.unknownColumns.includes(column.name)) continue;
      const add = `ALTER TABLE ${name} ADD ${column.name} ${cqlTypeName(column.type)}${column.kind === 'static' ? ' static' : ''}`;
      const isThere = known === undefined ? `(${add} makes a place for it)` : 'of this kind';
      refuse(`it has a column ${column.name} ${cqlTypeName(column.type)}, which the table has not ${isThere}`);
    } else if (!holds(known.type, column.type)) {
      refuse(`column ${column.name} is ${cqlTypeName(column.type)} in it, and ${cqlTypeName(known.type)} in the table`);
    }
  }
}

/** Key columns have no names in a file. */
function checkOrdered(
  columns: readonly ColumnMetadata[],
  stored: readonly ColumnMetadata[],
  what: string,
  refuse: (what: string) => never,
): void {
  columns.forEach((column, i) => {
    const other = stored[i];
    if (!isOrderCompatible(valueShape(column.type), valueShape(other.type))) {
      refuse(
        `${what} ${column.name} is ${cqlTypeName(other.type)} in it, and ${cqlTypeName(column.type)} in the table`,
      );
    }
    if (column.reversed !== other.reversed) {
      refuse(
        `its rows are in ${other.reversed ? 'descending' : 'ascending'} order of ${column.name}, the table's are not`,
      );
    }
  });
}

function holds(type: CqlType, stored: CqlType): boolean {
  return isMultiCell(type) === isMultiCell(stored) && isValueCompatible(valueShape(type), valueShape(stored));
}
