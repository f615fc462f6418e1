import { CqlError } from '../../../errors/index.ts';
import type { TableMetadata } from '../../../schema/model/index.ts';
import { codecOf } from '../../../types/index.ts';
import type { ClusteringPrefix } from '../../rows/index.ts';

/** An error of a statement with the partition and row that it is about; any other as it is. */
export function atRow(
  error: unknown,
  table: TableMetadata,
  key: Uint8Array,
  clustering: ClusteringPrefix | null,
): unknown {
  if (!(error instanceof CqlError)) return error;
  const row = clustering === null ? '' : `, row (${clusteringText(table, clustering)})`;
  const message = `${table.keyspace}.${table.name}, partition ${partitionKeyText(table, key)}${row}: ${error.message}`;
  return new CqlError(error.kind, message, { cause: error });
}

/** A partition key as messages name it: composite ones with colons. */
function partitionKeyText(table: TableMetadata, key: Uint8Array): string {
  if (table.partitionKey.length === 1) return codecOf(table.partitionKey[0].type).toDisplayString(key, 0, key.length);
  const components = table.partitionKey.map((column) => column.type);
  return codecOf({ kind: 'custom', className: 'CompositeType', components }).toDisplayString(key, 0, key.length);
}

/** A row's clustering values, with commas. */
function clusteringText(table: TableMetadata, clustering: ClusteringPrefix): string {
  const texts: string[] = [];
  for (let i = 0; i < clustering.size; i++) {
    const value = clustering.value(i);
    texts.push(value === null ? 'null' : codecOf(table.clustering[i].type).toDisplayString(value, 0, value.length));
  }
  return texts.join(', ');
}
