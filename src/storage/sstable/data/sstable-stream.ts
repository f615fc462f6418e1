import { compareUnsigned, murmur3TokenInto } from '../../../bytes/index.ts';
import { CorruptionError } from '../../../errors/index.ts';
import type { TableMetadata } from '../../../schema/model/index.ts';
import {
  type ClusteringComparator,
  ClusteringPrefix,
  type DecoratedKey,
  DeletionTime,
  isStart,
  type Partition,
  type RangeTombstoneMarker,
  Row,
  type Slice,
  type Slices,
  Step,
  type UnfilteredStream,
} from '../../rows/index.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { DataWindow } from './data-window.ts';
import { ElementKind, ElementReader } from './element-reader.ts';
import type { HeaderLayout } from './header-layout.ts';
import type { PartitionPlan, Segment } from './partition-plan.ts';
import { ReversedPartition } from './reversed-partition.ts';

const State = {
  BETWEEN_PARTITIONS: 0,
  /** The partition's first element comes next, which may be the static row. */
  AT_FIRST_ELEMENT: 1,
  IN_ROWS: 2,
  IN_REVERSED_ROWS: 3,
  /** All that was asked for of the partition was delivered. */
  LEAVING_PARTITION: 4,
  ENDED: 5,
} as const;

/** What a stream reads from, and how. */
export interface StreamSource {
  readonly table: TableMetadata;
  readonly layout: HeaderLayout;
  readonly hasUintDeletionTime: boolean;
  readonly comparator: ClusteringComparator;
  readonly index: () => PartitionIndex;
  readonly window: DataWindow;
  /** The window moves in `load` only: others point into it. */
  readonly sharesWindow?: boolean;
  readonly file: string;
}

/** The token is computed when it is asked for: a dump or a scan of one file never does. */
class CurrentPartition implements Partition {
  key: Uint8Array = new Uint8Array(0);
  keyStart = 0;
  keyEnd = 0;
  readonly deletion = new DeletionTime();
  private readonly token = new Int32Array(4);
  private hasToken = false;

  begin(key: Uint8Array, length: number): void {
    this.key = key;
    this.keyEnd = length;
    this.hasToken = false;
  }

  get tokenHi(): number {
    if (!this.hasToken) this.hash();
    return this.token[0];
  }

  get tokenLo(): number {
    if (!this.hasToken) this.hash();
    return this.token[1];
  }

  private hash(): void {
    murmur3TokenInto(this.key, this.keyStart, this.keyEnd, this.token);
    this.hasToken = true;
  }
}

/**
 * The partitions of one SSTable in the order of the file, each with the rows and range tombstones that the slices ask for.
 * Where a slice cuts through a range tombstone, a bound of its own stands at the slice's end.
 */
export class SSTableStream implements UnfilteredStream {
  readonly table: TableMetadata;
  readonly reversed: boolean;
  readonly partition = new CurrentPartition();
  readonly row = new Row();
  readonly marker: RangeTombstoneMarker = {
    clustering: new ClusteringPrefix(),
    closing: new DeletionTime(),
    opening: new DeletionTime(),
  };
  /** Where in the uncompressed data the current partition begins. */
  partitionStart = 0;
  private readonly source: StreamSource;
  private readonly reader: ElementReader;
  private readonly plan: PartitionPlan;
  private readonly slices: Slices;
  private state: number = State.BETWEEN_PARTITIONS;
  private segment: Segment | null = null;
  /** Where the next partition begins, or negative when that is to be found. */
  private nextStart = -1;
  /** The partition's key, which outlives the window that it was read from. */
  private keyBytes: Uint8Array = new Uint8Array(64);
  /** The head of an element has been read, and its body not yet. */
  private hasHead = false;
  /** Forward reads with slices: the slice that is read or sought. */
  private sliceIndex = 0;
  private isSought = false;
  private isInSlice = false;
  private readonly open = new DeletionTime();
  private backward: ReversedPartition | null = null;

  /** Rows are marked with `encoding` and their bytes, when there is one (`Row.encoded`). */
  constructor(
    source: StreamSource,
    plan: PartitionPlan,
    slices: Slices,
    reversed: boolean,
    encoding: object | null = null,
  ) {
    this.source = source;
    this.table = source.table;
    this.plan = plan;
    this.slices = slices;
    this.reversed = reversed;
    this.reader = new ElementReader(source.window, source.layout, source.hasUintDeletionTime, source.file);
    this.reader.encoding = encoding;
    this.reader.loadsInLoadOnly = source.sharesWindow ?? false;
  }

  /** Where the element behind the last one begins, in the uncompressed data. */
  get position(): number {
    return this.hasHead ? this.reader.elementStart : this.reader.position;
  }

  /** Where the element that `next` gave begins, in the uncompressed data. */
  get elementStart(): number {
    return this.reader.elementStart;
  }

  /**
   * Stands before the partition that begins at `start` of the uncompressed data, whatever the plan: for who reads the
   * window in turn with others. `next` gives this partition, and must not be called behind its end.
   */
  standBefore(start: number): void {
    this.segment = { start, end: start + 1, key: null, rowIndex: null };
    this.nextStart = start;
    this.state = State.BETWEEN_PARTITIONS;
    this.reader.seek(start);
  }

  /** Goes on in the partition with the element at `position`: someone else read those before it from the window. */
  goOnAt(position: number): void {
    this.hasHead = false;
    this.reader.seek(position);
  }

  next(): Step {
    try {
      switch (this.state) {
        case State.BETWEEN_PARTITIONS:
          return this.nextPartition();
        case State.AT_FIRST_ELEMENT:
          return this.firstElement();
        case State.IN_ROWS:
          return this.slices === null ? this.nextElement() : this.nextInSlices(this.slices);
        case State.IN_REVERSED_ROWS:
          return this.nextReversed();
        case State.LEAVING_PARTITION:
          return this.endPartition(-1);
        default:
          return Step.END;
      }
    } catch (error) {
      throw this.placed(error);
    }
  }

  async load(): Promise<void> {
    try {
      await this.reader.load();
    } catch (error) {
      throw this.placed(error);
    }
  }

  skipPartition(): void {
    if (this.state !== State.BETWEEN_PARTITIONS && this.state !== State.ENDED) this.state = State.LEAVING_PARTITION;
  }

  close(): void {
    this.state = State.ENDED;
    this.source.window.close();
  }

  private nextPartition(): Step {
    if (this.segment !== null && this.nextStart < 0) this.nextStart = this.findPartitionEnd(this.segment);
    if (this.segment === null || this.nextStart >= this.segment.end) {
      this.segment = this.plan.next();
      if (this.segment === null) {
        this.state = State.ENDED;
        return Step.END;
      }
      this.nextStart = this.segment.start;
      if (this.segment.key === null) this.source.window.setLimit(this.segment.end);
      else this.source.window.restartSteps();
    }
    this.hasHead = false;
    this.reader.anchor = -1;
    if (this.reader.position !== this.nextStart) this.reader.seek(this.nextStart);
    if (!this.reader.readPartitionHeader(this.partition.deletion)) return Step.NEED_MORE;
    this.beginPartition(this.segment);
    return Step.PARTITION;
  }

  private beginPartition(segment: Segment): void {
    const { reader, partition } = this;
    const length = reader.keyEnd - reader.keyStart;
    if (this.keyBytes.length < length) this.keyBytes = new Uint8Array(length * 2);
    const { bytes } = reader;
    for (let i = 0; i < length; i++) this.keyBytes[i] = bytes[reader.keyStart + i];
    partition.begin(this.keyBytes, length);
    if (segment.key !== null && compareUnsigned(segment.key, 0, segment.key.length, this.keyBytes, 0, length) !== 0) {
      reader.fail('another partition stands where the index says');
    }
    this.partitionStart = reader.elementStart;
    this.sliceIndex = 0;
    this.isSought = false;
    this.isInSlice = false;
    this.open.clear();
    this.backward = null;
    this.state = State.AT_FIRST_ELEMENT;
  }

  private firstElement(): Step {
    if (!this.reader.readHead(this.row.clustering)) return Step.NEED_MORE;
    this.state = this.reversed ? State.IN_REVERSED_ROWS : State.IN_ROWS;
    this.hasHead = this.reader.kind !== ElementKind.STATIC_ROW;
    if (this.hasHead) return this.next();
    this.reader.readRow(this.row);
    return this.row.isEmpty() ? this.next() : Step.STATIC_ROW;
  }

  /** All rows, forward. Rows that hold only dropped columns' cells are left out, as Cassandra does. */
  private nextElement(): Step {
    const { reader, row } = this;
    for (;;) {
      if (!this.hasHead && !reader.readHead(row.clustering)) return Step.NEED_MORE;
      this.hasHead = false;
      switch (reader.kind) {
        case ElementKind.ROW:
          reader.readRow(row);
          if (!row.isEmpty()) return Step.ROW;
          break;
        case ElementKind.MARKER:
          this.readMarker();
          return Step.MARKER;
        case ElementKind.PARTITION_END:
          return this.endPartition(reader.position);
        default:
          reader.fail('a static row behind other rows');
      }
    }
  }

  private nextInSlices(slices: readonly Slice[]): Step {
    const { reader, row } = this;
    for (;;) {
      if (this.sliceIndex >= slices.length) return this.endPartition(-1);
      const slice = slices[this.sliceIndex];
      if (!this.isSought) this.seekSlice(slice);
      if (!this.hasHead && !reader.readHead(row.clustering)) return Step.NEED_MORE;
      this.hasHead = true;
      const isAtEnd = reader.kind === ElementKind.PARTITION_END;
      if (!this.isInSlice) {
        // A bound that equals the slice's start is taken in: what it opens is open at the start.
        if (!isAtEnd && this.source.comparator.compare(row.clustering, slice.start) <= 0) {
          this.passElement();
          continue;
        }
        this.isInSlice = true;
        if (!this.open.isLive()) return this.sliceBound(slice.start);
      }
      if (isAtEnd || this.source.comparator.compare(row.clustering, slice.end) >= 0) {
        this.isInSlice = false;
        this.isSought = false;
        this.sliceIndex = isAtEnd ? slices.length : this.sliceIndex + 1;
        if (!this.open.isLive()) return this.sliceBound(slice.end);
        continue;
      }
      this.hasHead = false;
      if (reader.kind === ElementKind.MARKER) {
        this.readMarker();
        this.open.copyFrom(this.marker.opening);
        return Step.MARKER;
      }
      if (reader.kind !== ElementKind.ROW) reader.fail('a static row behind other rows');
      reader.readRow(row);
      if (!row.isEmpty()) return Step.ROW;
    }
  }

  /** Goes on at the row index's block for the slice, where that is further on. */
  private seekSlice(slice: Slice): void {
    this.isSought = true;
    const rowIndex = this.segment?.rowIndex ?? null;
    if (rowIndex === null || slice.start.size === 0) return;
    const block = rowIndex.cursor();
    block.seek(slice.start);
    const start = this.partitionStart + block.offset;
    if (start <= this.position) return;
    this.reader.seek(start);
    this.source.window.restartSteps();
    this.hasHead = false;
    this.open.copyFrom(block.openDeletion);
  }

  private passElement(): void {
    this.hasHead = false;
    if (this.reader.kind === ElementKind.MARKER) {
      this.readMarker();
      this.open.copyFrom(this.marker.opening);
    } else this.reader.skip();
  }

  private readMarker(): void {
    const { marker, row } = this;
    marker.clustering.shareFrom(row.clustering);
    this.reader.readMarker(row.clustering.kind, marker.closing, marker.opening);
  }

  /** The open range deletion begins or ends at the slice's bound. */
  private sliceBound(bound: ClusteringPrefix): Step {
    const { marker } = this;
    marker.clustering.shareFrom(bound);
    marker.closing.clear();
    marker.opening.clear();
    (isStart(bound.kind) ? marker.opening : marker.closing).copyFrom(this.open);
    return Step.MARKER;
  }

  private nextReversed(): Step {
    this.backward ??= this.beginReversed();
    const step = this.backward.next(this.row, this.marker);
    return step === Step.END ? this.endPartition(this.backward.partitionEnd) : step;
  }

  private beginReversed(): ReversedPartition {
    const { segment } = this;
    let rowIndex = segment?.rowIndex ?? null;
    if (segment !== null && segment.key === null) {
      rowIndex = this.source.index().find(this.decoratedKey())?.rowIndex ?? null;
    }
    const firstElement = this.position;
    this.hasHead = false;
    this.source.window.restartSteps();
    const { comparator } = this.source;
    return new ReversedPartition(this.reader, comparator, this.slices, rowIndex, this.partitionStart, firstElement);
  }

  private endPartition(nextStart: number): Step {
    this.nextStart = nextStart;
    this.state = State.BETWEEN_PARTITIONS;
    return Step.PARTITION_END;
  }

  /** The end of a partition that was left before it: near by walking over elements, else from the index. */
  private findPartitionEnd(segment: Segment): number {
    if (segment.key !== null) return segment.end;
    const { reader, row } = this;
    const isForward = this.backward === null;
    if (isForward && this.hasHead && reader.kind !== ElementKind.PARTITION_END) reader.skip();
    while (isForward) {
      if (!(this.hasHead && reader.kind === ElementKind.PARTITION_END) && !reader.readHead(row.clustering)) break;
      if (reader.kind === ElementKind.PARTITION_END) return reader.position;
      this.hasHead = false;
      reader.skip();
    }
    const place = { ...this.decoratedKey(), side: 'after' } as const;
    const end = this.source.index().ceiling(place)?.dataPosition ?? this.source.window.dataLength;
    // A damaged index must not lead back, or reading would go round for ever.
    if (end <= this.partitionStart) reader.fail(`the index has the next partition at ${end}, before this one`);
    return end;
  }

  private decoratedKey(): DecoratedKey {
    const { partition } = this;
    const token = { hi: partition.tokenHi, lo: partition.tokenLo };
    return { token, key: partition.key.slice(partition.keyStart, partition.keyEnd) };
  }

  private placed(error: unknown): unknown {
    if (!(error instanceof CorruptionError)) return error;
    const table = `${this.table.keyspace}.${this.table.name}`;
    return error.at(error.place.chunk === undefined ? { table, uncompressed: true } : { table });
  }
}
