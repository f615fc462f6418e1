import { int64 } from '../../bytes/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { RowMerger } from '../merge/row-merger.ts';
import { RowDecoder } from '../mutation/index.ts';
import {
  ClusteringPrefix,
  DeletionTime,
  type Partition,
  PrefixKind,
  type RangeTombstoneMarker,
  type ReadRange,
  Row,
  type Slice,
  Step,
  type TokenBound,
  type UnfilteredStream,
} from '../rows/index.ts';
import { Rank, type Records, SearchTarget } from './entries.ts';
import { EntryCursor, type TreeNode } from './entry-tree.ts';
import type { PartitionDeletions } from './partition-deletions.ts';

/** Where the stream is. */
const Phase = { BETWEEN: 0, STATIC: 1, SLICES: 2, ROWS: 3, END: 4 } as const;

/**
 * A snapshot's partitions as a stream. Rows that deletions hide are left out, and hidden cells of others too, as
 * Cassandra reads its memtables (`db/rows/RowAndDeletionMergeIterator`, 5.0.8).
 */
export class MemtableStream implements UnfilteredStream {
  readonly table: TableMetadata;
  readonly reversed: boolean;
  readonly partition: MemtablePartition = new MemtablePartition();
  row: Row = new Row();
  marker: RangeTombstoneMarker = { clustering: new ClusteringPrefix(), closing: LIVE, opening: LIVE };

  private readonly records: Records;
  private readonly deletions: readonly PartitionDeletions[];
  private readonly range: ReadRange;
  private readonly slices: readonly Slice[];
  private readonly cursor: EntryCursor;
  private readonly target = new SearchTarget();
  private readonly decoder = new RowDecoder();
  private readonly merger: RowMerger;
  private readonly decoded = new Row();
  private readonly active = new DeletionTime();
  private readonly rangeDeletion = new DeletionTime();
  private phase: number = Phase.BETWEEN;
  private isStarted = false;
  private nextKey = 0;
  private current: PartitionDeletions | null = null;
  private keyAddress = -1;
  private slice = 0;
  private markers: RangeTombstoneMarker[] = [];
  private nextMarker = 0;

  constructor(
    table: TableMetadata,
    root: TreeNode,
    records: Records,
    deletions: readonly PartitionDeletions[],
    range: ReadRange,
  ) {
    this.table = table;
    this.records = records;
    this.deletions = deletions;
    this.range = range;
    this.reversed = range.reversed;
    this.slices = range.slices ?? ALL;
    this.cursor = new EntryCursor(root, records);
    this.merger = new RowMerger(table);
  }

  next(): Step {
    for (;;) {
      switch (this.phase) {
        case Phase.BETWEEN:
          if (!this.toNextPartition()) {
            this.phase = Phase.END;
            return Step.END;
          }
          this.beginPartition();
          this.phase = Phase.STATIC;
          return Step.PARTITION;
        case Phase.STATIC:
          this.phase = Phase.SLICES;
          this.slice = 0;
          if (this.readStatic()) return Step.STATIC_ROW;
          break;
        case Phase.SLICES:
          if (this.slice === this.slices.length) {
            this.phase = Phase.BETWEEN;
            return Step.PARTITION_END;
          }
          this.beginSlice(this.sliceAtHand());
          this.phase = Phase.ROWS;
          break;
        case Phase.ROWS: {
          const step = this.nextInSlice(this.sliceAtHand());
          if (step !== Step.NEED_MORE) return step;
          this.slice++;
          this.phase = Phase.SLICES;
          break;
        }
        default:
          return Step.END;
      }
    }
  }

  async load(): Promise<void> {}

  skipPartition(): void {
    if (this.phase === Phase.BETWEEN || this.phase === Phase.END) return;
    this.slice = this.slices.length;
    this.phase = Phase.SLICES;
  }

  close(): void {
    this.phase = Phase.END;
  }

  /** Moves the cursor to the first entry of the next partition in range. */
  private toNextPartition(): boolean {
    const { partitions } = this.range;
    const { cursor, target } = this;
    if (partitions.kind === 'keys') {
      for (; this.nextKey < partitions.keys.length; ) {
        const { token, key } = partitions.keys[this.nextKey++];
        target.setPartition(token.hi, token.lo, key, 0, key.length);
        target.rank = Rank.DELETIONS;
        cursor.seek(target);
        if (target.keyAddress >= 0 && cursor.isValid && cursor.keyAddress === target.keyAddress) return true;
      }
      return false;
    }
    if (!this.isStarted) {
      this.isStarted = true;
      if (partitions.kind === 'tokens' && partitions.lower !== null) this.seekLower(partitions.lower);
    } else if (!cursor.isValid || cursor.keyAddress === this.keyAddress || this.reversed) {
      this.seekInPartition(Rank.AFTER);
    }
    if (!cursor.isValid) return false;
    return partitions.kind === 'all' || partitions.upper === null || this.isWithin(partitions.upper);
  }

  private seekLower(bound: TokenBound): void {
    const { cursor, target } = this;
    const key = bound.key ?? NO_KEY;
    target.setPartition(bound.token.hi, bound.token.lo, key, 0, key.length);
    target.rank = bound.inclusive ? Rank.DELETIONS : Rank.AFTER;
    cursor.seek(target);
    if (bound.key !== undefined || bound.inclusive) return;
    // Keys of the excluded token itself: few share one.
    while (cursor.isValid && cursor.tokenHi === bound.token.hi && cursor.tokenLo === bound.token.lo) cursor.next();
  }

  private isWithin(upper: TokenBound): boolean {
    const { cursor, records } = this;
    const byToken = int64.compare(cursor.tokenHi, cursor.tokenLo, upper.token.hi, upper.token.lo);
    if (byToken !== 0) return byToken < 0;
    if (upper.key === undefined) return upper.inclusive;
    const { target } = this;
    target.setPartition(upper.token.hi, upper.token.lo, upper.key, 0, upper.key.length);
    target.rank = Rank.AFTER;
    const order = records.compareInToken(cursor.keyAddress, cursor.reference, target);
    return target.keyAddress === cursor.keyAddress ? upper.inclusive : order < 0;
  }

  /** Fills `partition` and takes the partition's deletions from the cursor. */
  private beginPartition(): void {
    const { cursor, partition, records } = this;
    this.keyAddress = cursor.keyAddress;
    partition.key = records.arena.bytesOf(this.keyAddress);
    partition.keyStart = records.keyStart(this.keyAddress);
    partition.keyEnd = records.keyEnd(this.keyAddress);
    partition.tokenHi = cursor.tokenHi;
    partition.tokenLo = cursor.tokenLo;
    partition.deletion.clear();
    this.current = null;
    if (cursor.reference >= 0) return;
    this.current = this.deletions[~cursor.reference];
    partition.deletion.copyFrom(this.current.partition);
    cursor.next();
  }

  private readStatic(): boolean {
    const { cursor, records } = this;
    if (!this.isInPartition() || records.rankOf(cursor.reference) !== Rank.STATIC) return false;
    this.active.copyFrom(this.partition.deletion);
    const isShown = this.readRow();
    cursor.next();
    return isShown;
  }

  private sliceAtHand(): Slice {
    return this.slices[this.reversed ? this.slices.length - 1 - this.slice : this.slice];
  }

  private beginSlice(slice: Slice): void {
    this.markers.length = 0;
    this.nextMarker = 0;
    this.rangeDeletion.clear();
    this.active.copyFrom(this.partition.deletion);
    if (this.current !== null && this.current.ranges.length > 0) {
      this.current.ranges.markersIn(slice.start, slice.end, this.partition.deletion, this.markers);
      if (this.reversed) this.markers.reverse();
    }
    if (this.reversed) {
      if (slice.end.size === 0) this.seekInPartition(Rank.AFTER, true);
      else this.seekClustering(slice.end, true);
    } else if (slice.start.size > 0) {
      this.seekClustering(slice.start, false);
    }
  }

  private seekInPartition(rank: number, before = false): void {
    const { target, partition } = this;
    target.setPartition(partition.tokenHi, partition.tokenLo, partition.key, partition.keyStart, partition.keyEnd);
    target.keyAddress = this.keyAddress;
    target.rank = rank;
    if (before) this.cursor.seekBefore(target);
    else this.cursor.seek(target);
  }

  private seekClustering(bound: ClusteringPrefix, before: boolean): void {
    this.target.clustering = bound;
    this.seekInPartition(Rank.ROW, before);
  }

  private isInPartition(): boolean {
    return this.cursor.isValid && this.cursor.keyAddress === this.keyAddress;
  }

  /** The next row or marker of the slice; NEED_MORE when it is at its end. */
  private nextInSlice(slice: Slice): Step {
    const { cursor } = this;
    for (;;) {
      const clustering = this.clusteringInSlice(slice);
      if (this.nextMarker < this.markers.length) {
        const marker = this.markers[this.nextMarker];
        const order = clustering === null ? 1 : this.records.comparator.compare(clustering, marker.clustering);
        if (clustering === null || (this.reversed ? -order : order) > 0) {
          this.nextMarker++;
          this.passMarker(marker);
          return Step.MARKER;
        }
      }
      if (clustering === null) return Step.NEED_MORE;
      const isShown = this.readRow();
      if (this.reversed) cursor.previous();
      else cursor.next();
      if (isShown) return Step.ROW;
    }
  }

  /** The clustering of the row at the cursor, or null when it is beyond the slice. */
  private clusteringInSlice(slice: Slice): ClusteringPrefix | null {
    const { cursor, records } = this;
    if (!this.isInPartition() || records.rankOf(cursor.reference) !== Rank.ROW) return null;
    const clustering = records.clusteringOf(cursor.reference);
    const bound = this.reversed ? slice.start : slice.end;
    if (bound.size === 0) return clustering;
    const order = records.comparator.compare(clustering, bound);
    return (this.reversed ? order > 0 : order < 0) ? clustering : null;
  }

  private passMarker(marker: RangeTombstoneMarker): void {
    this.marker = marker;
    this.rangeDeletion.copyFrom(this.reversed ? marker.closing : marker.opening);
    this.active.copyFrom(this.rangeDeletion.isLive() ? this.partition.deletion : this.rangeDeletion);
  }

  /** Decodes the row at the cursor into `row`; false when deletions hide all of it. */
  private readRow(): boolean {
    const { records, cursor, decoded, merger } = this;
    const address = cursor.reference;
    this.decoder.decode(records.arena.bytesOf(address), records.rowStart(address), records.rowEnd(address), decoded);
    this.row = decoded;
    if (this.active.isLive()) return true;
    merger.clear();
    merger.add(decoded);
    const shown = merger.merge(this.active);
    if (shown === null) return false;
    this.row = shown;
    return true;
  }
}

const LIVE = new DeletionTime();
const NO_KEY = new Uint8Array(0);

const ALL: readonly Slice[] = [
  {
    start: ClusteringPrefix.of(PrefixKind.INCLUSIVE_START_BOUND, []),
    end: ClusteringPrefix.of(PrefixKind.INCLUSIVE_END_BOUND, []),
  },
];

class MemtablePartition implements Partition {
  key: Uint8Array = NO_KEY;
  keyStart = 0;
  keyEnd = 0;
  tokenHi = 0;
  tokenLo = 0;
  readonly deletion = new DeletionTime();
}
