import { type ClusteringComparator, type ClusteringPrefix, DeletionTime } from '../rows/index.ts';
import { RangeTombstoneList } from './range-tombstone-list.ts';

/** The deletions of one partition in a memtable: of all of it, and of ranges. */
export class PartitionDeletions {
  /** The tree's epoch when this was made: snapshots of that epoch see it. */
  readonly epoch: number;
  readonly partition = new DeletionTime();
  readonly ranges: RangeTombstoneList;

  constructor(epoch: number, comparator: ClusteringComparator, ranges = new RangeTombstoneList(comparator)) {
    this.epoch = epoch;
    this.ranges = ranges;
    this.comparator = comparator;
  }

  private readonly comparator: ClusteringComparator;

  copy(epoch: number): PartitionDeletions {
    const copy = new PartitionDeletions(epoch, this.comparator, this.ranges.copy());
    copy.partition.copyFrom(this.partition);
    return copy;
  }

  deletePartition(deletion: DeletionTime): void {
    if (deletion.supersedes(this.partition)) this.partition.copyFrom(deletion);
  }

  deleteRange(start: ClusteringPrefix, end: ClusteringPrefix, deletion: DeletionTime): void {
    this.ranges.add(start, end, deletion);
  }
}
