import { CqlError } from '../../errors/index.ts';
import type { CheckedWrite } from '../../planner/index.ts';
import { type ColumnMetadata, columnsInSelectOrder, type TableMetadata } from '../../schema/model/index.ts';
import { ClusteringComparator, type ClusteringPrefix, type DecoratedKey } from '../../storage/rows/index.ts';
import { sameKey } from '../access/partition-keys.ts';
import type { VisibleRow } from './read-rows.ts';
import { conditionHolds } from './test-condition.ts';
import type { WriteContext } from './write-context.ts';
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

/** Conditions of one kind for each row; IF [NOT] EXISTS goes with nothing else (`CQL3CasRequest`, 5.0.8). */
export function checkConditionKinds(parts: readonly ConditionalPart[]): void {
  const comparator = new ClusteringComparator(parts[0].write.table.clustering);
  const sameRow = (a: ClusteringPrefix | null, b: ClusteringPrefix | null): boolean =>
    a === null || b === null ? a === b : comparator.compare(a, b) === 0;
  parts.forEach((part, i) => {
    for (const other of parts.slice(0, i)) {
      if (!sameRow(part.clustering, other.clustering)) continue;
      const kinds = new Set([part.write.conditions.kind, other.write.conditions.kind]);
      if (kinds.has('exists') && kinds.has('notExists')) {
        throw CqlError.invalidRequest('Cannot mix IF EXISTS and IF NOT EXISTS conditions for the same row');
      }
      if (kinds.has('columns') && (kinds.has('exists') || kinds.has('notExists'))) {
        throw CqlError.invalidRequest(
          `Cannot mix IF conditions and IF ${kinds.has('notExists') ? 'NOT ' : ''}EXISTS for the same row`,
        );
      }
    }
  });
}

/**
 * Whether the conditions of one statement hold over the rows that were read: those on static columns, or all others.
 * Cassandra tests the static ones of all statements first, and stops where one does not hold.
 */
export function partHolds(
  part: ConditionalPart,
  which: 'static' | 'rows',
  rows: readonly VisibleRow[],
  context: WriteContext,
): boolean {
  const { conditions, table } = part.write;
  const row = rowOf(part, rows);
  const statics = rows[0] ?? null;
  switch (conditions.kind) {
    case 'none':
      return true;
    case 'exists':
      return which === 'static' || exists(part, row, statics, table);
    case 'notExists':
      return which === 'static' || !exists(part, row, statics, table);
    case 'columns':
      return conditions.conditions.every((condition) => {
        const isStatic = condition.column.kind === 'static';
        if (isStatic !== (which === 'static')) return true;
        const from = isStatic ? statics : row;
        return conditionHolds(condition, from?.get(condition.column) ?? null, context);
      });
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

/** The row with the statement's clustering; null when only static values, or nothing, are there. */
function rowOf({ write: { table }, clustering }: ConditionalPart, rows: readonly VisibleRow[]): VisibleRow | null {
  if (table.clustering.length === 0) return rows[0] ?? null;
  if (clustering === null) return null;
  return (
    rows.find((row) =>
      table.clustering.every((column, i) => {
        const value = row.get(column) ?? null;
        const wanted = clustering.value(i);
        return value !== null && wanted !== null && Buffer.compare(value, wanted) === 0;
      }),
    ) ?? null
  );
}

function exists(
  part: ConditionalPart,
  row: VisibleRow | null,
  statics: VisibleRow | null,
  table: TableMetadata,
): boolean {
  if (part.clustering !== null || table.clustering.length === 0) return row !== null;
  return statics !== null && table.statics.some((column) => (statics.get(column) ?? null) !== null);
}
