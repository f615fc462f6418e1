import { CqlError } from '../../errors/index.ts';
import type { CheckedWrite } from '../../planner/index.ts';
import { ClusteringPrefix, type DecoratedKey, PrefixKind, type Slice } from '../../storage/rows/index.ts';
import { clusteringSlices } from '../access/clustering-slices.ts';
import { nullValue } from '../access/condition-values.ts';
import { checkKeyLength, writtenPartitionKeys } from '../access/partition-keys.ts';
import { type JsonRowValues, jsonRow } from './json-insert.ts';
import type { WriteContext } from './write-context.ts';

/** What a write changes: partitions, and in each the same rows or ranges of rows, or the partition as a whole. */
export interface WriteTargets {
  readonly keys: readonly DecoratedKey[];
  /** Whole clusterings. Empty for statements about the partition or its static row. */
  readonly rows: readonly ClusteringPrefix[];
  /** Ranges of a DELETE that does not name whole clusterings; empty for all else. */
  readonly ranges: readonly Slice[];
  /** The statement's WHERE has clustering columns; a choice of none (`IN ()`) then writes nothing. */
  readonly namesRows: boolean;
  /** INSERT JSON's values. */
  readonly json: JsonRowValues | null;
}

/** The partitions of a write, which Cassandra looks at before its rows, in a batch those of all statements. */
export interface WriteKeys {
  readonly keys: readonly DecoratedKey[];
  readonly json: JsonRowValues | null;
}

export function writeKeys(write: CheckedWrite, context: WriteContext): WriteKeys {
  const { table, access } = write;
  if (access === null) {
    const json = jsonRow(write, context);
    return { keys: [json.key], json };
  }
  if (access.partitions.kind !== 'keys') throw CqlError.invalidRequest('Some partition key parts are missing');
  return { keys: writtenPartitionKeys(access.partitions.components, table, context), json: null };
}

export function writeTargets(
  write: CheckedWrite,
  context: WriteContext,
  { keys, json }: WriteKeys = writeKeys(write, context),
): WriteTargets {
  const { table, access } = write;
  if (access === null || json !== null) {
    const rows =
      table.clustering.length === 0 || json === null
        ? []
        : [ClusteringPrefix.of(PrefixKind.CLUSTERING, json.clustering)];
    return { keys, rows, ranges: [], namesRows: rows.length > 0, json };
  }
  if (!write.restrictsClustering) return { keys, rows: [], ranges: [], namesRows: false, json: null };
  const rows: ClusteringPrefix[] = [];
  const ranges: Slice[] = [];
  // Whether bounds are null is looked at partition by partition.
  if (keys.length === 0 && access.clustering.some(({ kind }) => kind === 'slice')) {
    clusteringSlices(access.clustering, table, context);
    return { keys, rows, ranges, namesRows: true, json: null };
  }
  // Cassandra makes range tombstones, whose bounds have values, where rows are deleted and not columns.
  const refuseNull = write.operations.length === 0 ? nullValue : rangeOfColumns;
  for (const slice of clusteringSlices(access.clustering, table, context, refuseNull) ?? []) {
    const row = wholeRow(slice, table.clustering.length);
    if (row === null) ranges.push(slice);
    else rows.push(row);
  }
  return { keys, rows, ranges, namesRows: true, json: null };
}

export function rangeOfColumns(): CqlError {
  return CqlError.invalidRequest('Range deletions are not supported for specific columns');
}

/** The clustering that a slice between two equal, inclusive, whole bounds stands for. */
function wholeRow({ start, end }: Slice, size: number): ClusteringPrefix | null {
  if (start.size !== size || end.size !== size) return null;
  if (start.kind !== PrefixKind.INCLUSIVE_START_BOUND || end.kind !== PrefixKind.INCLUSIVE_END_BOUND) return null;
  for (let i = 0; i < size; i++) {
    const a = start.value(i);
    const b = end.value(i);
    if (a === null || b === null || Buffer.compare(a, b) !== 0) return null;
  }
  const values = Array.from({ length: size }, (_, i) => start.value(i));
  checkKeyLength(values.filter((value) => value !== null));
  return ClusteringPrefix.of(PrefixKind.CLUSTERING, values);
}
