import {
  type ClusteringComparator,
  ClusteringPrefix,
  DeletionTime,
  PrefixKind,
  type RangeTombstoneMarker,
  type Row,
  type Slice,
  type Slices,
  Step,
} from '../../rows/index.ts';
import type { RowIndex, RowIndexCursor } from '../partition-index.ts';
import { ElementKind, type ElementReader } from './element-reader.ts';

const State = {
  AT_SLICE: 0,
  SCANNING: 1,
  /** The bound at the slice's end comes next, if a range deletion is open there. */
  AT_SLICE_END: 2,
  EMITTING: 3,
  AT_SLICE_START: 4,
} as const;

/** Before and behind all rows. */
const WHOLE: readonly Slice[] = [
  {
    start: ClusteringPrefix.of(PrefixKind.INCLUSIVE_START_BOUND, []),
    end: ClusteringPrefix.of(PrefixKind.INCLUSIVE_END_BOUND, []),
  },
];

/**
 * One partition's rows last to first. Blocks of the row index (the whole partition, when it has none) are taken from the
 * last one down; each is scanned forward once for where its elements begin and which range deletion is open, then its
 * elements are decoded from the last to the first. A block is in memory as a whole.
 */
export class ReversedPartition {
  /** Where the partition ends, when that was seen; else negative. */
  partitionEnd = -1;
  private readonly reader: ElementReader;
  private readonly comparator: ClusteringComparator;
  private readonly slices: readonly Slice[];
  private readonly partitionStart: number;
  private readonly firstElement: number;
  private readonly block: RowIndexCursor | null;
  private state: number = State.AT_SLICE;
  private sliceIndex: number;
  private blockStart = 0;
  private blockEnd = 0;
  /** Block in which the slice begins. */
  private lowestOffset = 0;
  private isTopBlock = false;
  private hasPassedStart = false;
  private readonly elements: number[] = [];
  private readonly open = new DeletionTime();
  private readonly openAtStart = new DeletionTime();
  private readonly openAtEnd = new DeletionTime();
  private readonly clustering = new ClusteringPrefix();
  private readonly closing = new DeletionTime();

  constructor(
    reader: ElementReader,
    comparator: ClusteringComparator,
    slices: Slices,
    rowIndex: RowIndex | null,
    partitionStart: number,
    firstElement: number,
  ) {
    this.reader = reader;
    this.comparator = comparator;
    this.slices = slices ?? WHOLE;
    this.partitionStart = partitionStart;
    this.firstElement = firstElement;
    this.block = rowIndex === null ? null : rowIndex.cursor();
    this.sliceIndex = this.slices.length - 1;
  }

  /** Step.END when the partition is done. */
  next(row: Row, marker: RangeTombstoneMarker): Step {
    for (;;) {
      switch (this.state) {
        case State.AT_SLICE:
          if (this.sliceIndex < 0) return Step.END;
          this.seekSlice(this.slices[this.sliceIndex]);
          break;
        case State.SCANNING:
          if (!this.scan(this.slices[this.sliceIndex])) return Step.NEED_MORE;
          this.state = State.AT_SLICE_END;
          break;
        case State.AT_SLICE_END:
          this.state = State.EMITTING;
          if (this.isTopBlock && !this.openAtEnd.isLive()) {
            marker.clustering.shareFrom(this.slices[this.sliceIndex].end);
            marker.closing.copyFrom(this.openAtEnd);
            marker.opening.clear();
            return Step.MARKER;
          }
          break;
        case State.EMITTING: {
          const step = this.emit(row, marker);
          if (step !== Step.END) return step;
          this.state = State.AT_SLICE_START;
          break;
        }
        default:
          if (!this.leaveBlock()) break;
          if (!this.openAtStart.isLive()) {
            marker.clustering.shareFrom(this.slices[this.sliceIndex + 1].start);
            marker.closing.clear();
            marker.opening.copyFrom(this.openAtStart);
            return Step.MARKER;
          }
      }
    }
  }

  private seekSlice(slice: Slice): void {
    this.isTopBlock = true;
    if (this.block === null) {
      this.blockEnd = Number.POSITIVE_INFINITY;
    } else {
      this.block.seek(slice.start);
      this.lowestOffset = this.block.offset;
      this.block.seek(slice.end);
      if (this.block.next()) {
        this.blockEnd = this.partitionStart + this.block.offset;
        this.block.previous();
      } else this.blockEnd = Number.POSITIVE_INFINITY;
    }
    this.beginBlock();
  }

  private beginBlock(): void {
    const { block } = this;
    this.blockStart =
      block === null ? this.firstElement : Math.max(this.firstElement, this.partitionStart + block.offset);
    if (block === null) this.open.clear();
    else this.open.copyFrom(block.openDeletion);
    this.hasPassedStart = !this.isLowestBlock();
    this.openAtStart.clear();
    this.openAtEnd.clear();
    this.elements.length = 0;
    this.reader.anchor = this.blockStart;
    this.reader.seek(this.blockStart);
    this.state = State.SCANNING;
  }

  private isLowestBlock(): boolean {
    return this.block === null || this.block.offset <= this.lowestOffset;
  }

  /** Collects where the slice's elements in this block begin; false when more must be loaded first. */
  private scan(slice: Slice): boolean {
    const { reader, clustering } = this;
    while (reader.position < this.blockEnd) {
      if (!reader.readHead(clustering)) return false;
      if (reader.kind === ElementKind.PARTITION_END) {
        this.partitionEnd = reader.position;
        break;
      }
      if (reader.kind === ElementKind.STATIC_ROW) reader.fail('a static row behind other rows');
      if (this.comparator.compare(clustering, slice.end) >= 0) break;
      if (!this.hasPassedStart && this.comparator.compare(clustering, slice.start) > 0) {
        this.hasPassedStart = true;
        this.openAtStart.copyFrom(this.open);
      }
      if (this.hasPassedStart) this.elements.push(reader.elementStart);
      if (reader.kind === ElementKind.MARKER) reader.readMarker(clustering.kind, this.closing, this.open);
      else reader.skip();
    }
    if (!this.hasPassedStart) this.openAtStart.copyFrom(this.open);
    this.openAtEnd.copyFrom(this.open);
    return true;
  }

  private emit(row: Row, marker: RangeTombstoneMarker): Step {
    const { reader, elements } = this;
    while (elements.length > 0) {
      reader.seek(elements[elements.length - 1]);
      if (!reader.readHead(row.clustering)) return Step.NEED_MORE;
      elements.pop();
      if (reader.kind === ElementKind.MARKER) {
        marker.clustering.shareFrom(row.clustering);
        reader.readMarker(row.clustering.kind, marker.closing, marker.opening);
        return Step.MARKER;
      }
      reader.readRow(row);
      if (!row.isEmpty()) return Step.ROW;
    }
    return Step.END;
  }

  /** Goes to the block before; true when the slice began in this one. */
  private leaveBlock(): boolean {
    const { block } = this;
    if (block !== null && !this.isLowestBlock()) {
      const end = this.partitionStart + block.offset;
      if (block.previous()) {
        this.blockEnd = end;
        this.isTopBlock = false;
        this.beginBlock();
        return false;
      }
    }
    this.sliceIndex--;
    this.state = State.AT_SLICE;
    return true;
  }
}
