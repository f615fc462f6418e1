import { int64 } from '../../bytes/index.ts';
import { RowMerger } from '../merge/index.ts';
import { ClusteringComparator, DeletionTime, Row } from '../rows/index.ts';
import type { Mutation, MutationBuilder } from './mutation-builder.ts';
import { MutationElement, MutationReader } from './mutation-reader.ts';

/**
 * What the statements of a conditional write, all at `timestampMicros`, make of their one partition
 * (`CQL3CasRequest.makeUpdates`, `PartitionUpdate.withUpdatedTimestamps`, 5.0.8): the parts of each row are merged first, so
 * that the deletion of a row or a column takes what another statement puts there. Only then do all deletions of more than a
 * cell go a microsecond back; those of ranges and of the partition never hide what the same write puts in.
 */
export function conditionalMutation(
  mutations: readonly Mutation[],
  timestampMicros: bigint,
  builder: MutationBuilder,
): Mutation {
  const { table } = mutations[0];
  const reader = new MutationReader();
  const before = timestampMicros - 1n;
  const hi = int64.hiOf(before);
  const lo = int64.loOf(before);
  const rows: Row[] = [];
  const partition = new DeletionTime();
  reader.open(mutations[0].bytes);
  builder.begin(table, mutations[0].bytes.subarray(reader.keyStart, reader.keyEnd));
  for (const { bytes } of mutations) {
    reader.open(bytes);
    if (reader.partitionDeletion.supersedes(partition)) partition.copyFrom(reader.partitionDeletion);
  }
  if (!partition.isLive()) builder.deletePartition(hi, lo, partition.localSeconds);
  for (const { bytes } of mutations) {
    reader.open(bytes);
    for (let element = reader.next(); element !== MutationElement.END; element = reader.next()) {
      if (element === MutationElement.RANGE) {
        builder.addRangeTombstone(reader.rangeStart, reader.rangeEnd, hi, lo, reader.rangeDeletion.localSeconds);
        continue;
      }
      const row = new Row();
      reader.readRow(row);
      rows.push(row);
    }
  }
  const merger = new RowMerger(table);
  for (const parts of byClustering(rows, new ClusteringComparator(table.clustering))) {
    merger.clear();
    for (const part of parts) merger.add(part);
    const row = merger.merge(LIVE);
    if (row === null) continue;
    if (!row.deletion.isLive()) row.deletion.set(hi, lo, row.deletion.localSeconds);
    row.complexHi.fill(hi, 0, row.complexCount);
    row.complexLo.fill(lo, 0, row.complexCount);
    builder.addRow(row);
  }
  return builder.finish();
}

const LIVE = new DeletionTime();

/** The parts of one row together, in the order of the rows. */
function byClustering(rows: readonly Row[], comparator: ClusteringComparator): Row[][] {
  const sorted = [...rows].sort((a, b) => comparator.compare(a.clustering, b.clustering));
  const groups: Row[][] = [];
  for (const row of sorted) {
    const last = groups.at(-1);
    if (last !== undefined && comparator.compare(last[0].clustering, row.clustering) === 0) last.push(row);
    else groups.push([row]);
  }
  return groups;
}
