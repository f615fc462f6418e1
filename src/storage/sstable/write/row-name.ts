import type { TableMetadata } from '../../../schema/model/index.ts';
import { codecOf } from '../../../types/index.ts';
import type { ClusteringPrefix } from '../../rows/index.ts';

/** A partition key as messages name it: composite ones with colons. */
export function partitionKeyText(table: TableMetadata, key: Uint8Array): string {
  if (table.partitionKey.length === 1) return codecOf(table.partitionKey[0].type).toDisplayString(key, 0, key.length);
  const components = table.partitionKey.map((column) => column.type);
  return codecOf({ kind: 'custom', className: 'CompositeType', components }).toDisplayString(key, 0, key.length);
}

/** A row's clustering values, with commas. */
export function clusteringText(table: TableMetadata, clustering: ClusteringPrefix): string {
  const texts: string[] = [];
  for (let i = 0; i < clustering.size; i++) {
    const value = clustering.value(i);
    texts.push(value === null ? 'null' : codecOf(table.clustering[i].type).toDisplayString(value, 0, value.length));
  }
  return texts.join(', ');
}
