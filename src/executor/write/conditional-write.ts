import { CqlError } from '../../errors/index.ts';
import type { CheckedWrite } from '../../planner/index.ts';
import { type ColumnMetadata, columnsInSelectOrder, type TableMetadata } from '../../schema/model/index.ts';
import type { ClusteringPrefix, DecoratedKey } from '../../storage/rows/index.ts';
import { sameKey } from '../access/partition-keys.ts';
import type { VisibleRow } from './read-rows.ts';
import type { WriteTargets } from './write-targets.ts';

/** What a conditional write answers: `[applied]`, and where it was not, what stood in its way. */
export interface ConditionalResult {
  readonly applied: boolean;
  readonly table: TableMetadata;
  readonly columns: readonly ColumnMetadata[];
  readonly rows: readonly (readonly (Uint8Array | null)[])[];
}

/** One conditional statement with the row that it is about; `clustering` null: the static row. */
export interface ConditionalPart {
  readonly write: CheckedWrite;
  readonly key: DecoratedKey;
  readonly clustering: ClusteringPrefix | null;
}

/** Refuses IN, which conditional writes do not take; asked once the partition keys are known. */
export function refuseIn(write: CheckedWrite): void {
  const kind = write.kind === 'delete' ? 'deletions' : 'updates';
  if (write.keyHasIn) {
    throw CqlError.invalidRequest(`IN on the partition key is not supported with conditional ${kind}`);
  }
  if (write.clusteringHasIn) {
    throw CqlError.invalidRequest(`IN on the clustering key columns is not supported with conditional ${kind}`);
  }
}

/** A conditional statement with the one row that it names. */
export function conditionalPart(write: CheckedWrite, targets: WriteTargets): ConditionalPart {
  const [key] = targets.keys;
  return { write, key, clustering: targets.rows[0] ?? null };
}

/** All statements of a conditional batch are about one partition. */
export function checkSinglePartition(parts: readonly { key: DecoratedKey }[]): void {
  if (parts.some(({ key }) => !sameKey(key.key, parts[0].key.key))) {
    throw CqlError.invalidRequest('Batch with conditions cannot span multiple partitions');
  }
}

/** The answer of conditions that did not hold (`ModificationStatement.buildCasFailureResultSet`, 5.0.8). */
export function failedResult(
  parts: readonly ConditionalPart[],
  rows: readonly VisibleRow[],
  isBatch: boolean,
): ConditionalResult {
  const { table } = parts[0].write;
  const columns = answeredColumns(parts, table, isBatch);
  return {
    applied: false,
    table,
    columns: rows.length === 0 ? [] : columns,
    rows: rows.map((row) => columns.map((column) => row.get(column) ?? null)),
  };
}

function answeredColumns(
  parts: readonly ConditionalPart[],
  table: TableMetadata,
  isBatch: boolean,
): readonly ColumnMetadata[] {
  const keys = [...table.partitionKey, ...table.clustering];
  const columns: ColumnMetadata[] = isBatch ? [...keys] : [];
  for (const { conditions } of parts.map((part) => part.write)) {
    if (conditions.kind === 'exists' || conditions.kind === 'notExists') return columnsInSelectOrder(table);
    if (conditions.kind !== 'columns') continue;
    const named = conditions.conditions.map((condition) => condition.column);
    columns.push(...named.filter((column) => column.kind !== 'static'));
    columns.push(...named.filter((column) => column.kind === 'static'));
  }
  return [...new Set(columns)];
}
