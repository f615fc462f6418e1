import { compareUnsigned, int64 } from '../../../bytes/index.ts';
import type { TableMetadata } from '../../../schema/model/index.ts';
import { ClusteringComparator, NO_PATH } from '../../../storage/rows/index.ts';
import { type Fragment, type PartitionFragments, timesOf } from './fragment.ts';

/**
 * Fragments in the order in which one reads a partition: its deletion, the static row, then rows and ranges by clustering; in
 * a row its deletion and liveness, then cells by column and path, of one place the latest first.
 */
export function inReadingOrder({ fragments, cells }: PartitionFragments, table: TableMetadata): Fragment[] {
  const comparator = new ClusteringComparator(table.clustering);
  const byClustering = (a: Fragment, b: Fragment): number => {
    if (a.clustering === null || b.clustering === null) {
      return (a.clustering === null ? 0 : 1) - (b.clustering === null ? 0 : 1);
    }
    return comparator.compare(a.clustering, b.clustering);
  };
  const byPath = (a: Fragment, b: Fragment): number => {
    if (a.kind !== 'cell' || b.kind !== 'cell' || cells.pathEnd[a.index] === NO_PATH) return 0;
    const i = a.index;
    const j = b.index;
    return compareUnsigned(
      cells.cellSource[i],
      cells.pathStart[i],
      cells.pathEnd[i],
      cells.cellSource[j],
      cells.pathStart[j],
      cells.pathEnd[j],
    );
  };
  const latestFirst = (a: Fragment, b: Fragment): number => {
    const left = timesOf(a, cells);
    const right = timesOf(b, cells);
    return int64.compare(right.hi, right.lo, left.hi, left.lo);
  };
  return [...fragments].sort(
    (a, b) =>
      byClustering(a, b) ||
      rankInRow(a) - rankInRow(b) ||
      columnOf(a) - columnOf(b) ||
      rankInColumn(a) - rankInColumn(b) ||
      byPath(a, b) ||
      latestFirst(a, b),
  );
}

function rankInRow(fragment: Fragment): number {
  if (fragment.kind === 'liveness') return 2;
  if (fragment.kind === 'cell') return 3;
  switch (fragment.of) {
    case 'partition':
      return 0;
    case 'range':
    case 'row':
      return 1;
    case 'collection':
      return 3;
  }
}

function columnOf(fragment: Fragment): number {
  return fragment.kind === 'liveness' ? -1 : (fragment.column?.position ?? -1);
}

function rankInColumn(fragment: Fragment): number {
  return fragment.kind === 'deletion' ? 0 : 1;
}
