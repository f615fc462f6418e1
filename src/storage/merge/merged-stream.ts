import { invariant } from '../../errors/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { type Partition, type RangeTombstoneMarker, type Row, Step, type UnfilteredStream } from '../rows/index.ts';
import { PartitionHeap } from './partition-heap.ts';
import { loadSources, type MergeSource, PartitionMerge } from './partition-merge.ts';

/** The stream's partition is another object after it went on to another file. */
class Source implements MergeSource {
  readonly stream: UnfilteredStream;
  step: Step = Step.NEED_MORE;

  constructor(stream: UnfilteredStream) {
    this.stream = stream;
  }

  get partition(): Partition {
    return this.stream.partition;
  }
}

/**
 * The K-way merge of streams of one table, reconciled by Cassandra's rules. Partitions come off a heap by token and key;
 * those that stand at the same key are merged by `PartitionMerge`.
 *
 *   between partitions   due = sources whose next partition is not known; then the least key leaves the heap
 *   in a partition       group = sources that hold it
 */
export class MergedStream implements UnfilteredStream {
  readonly table: TableMetadata;
  readonly reversed: boolean;
  private readonly sources: readonly Source[];
  private readonly heap: PartitionHeap<Source> = new PartitionHeap();
  private readonly merge: PartitionMerge;
  // Lists that never shrink, beside their counts.
  private readonly group: Source[] = [];
  private groupCount = 0;
  private readonly due: Source[] = [];
  private dueCount = 0;
  private inPartition = false;

  constructor(streams: readonly UnfilteredStream[]) {
    invariant(streams.length > 0, 'a merge needs a source');
    this.table = streams[0].table;
    this.reversed = streams[0].reversed;
    this.merge = new PartitionMerge(this.table, this.reversed);
    this.sources = streams.map((stream) => new Source(stream));
    for (const source of this.sources) this.due[this.dueCount++] = source;
  }

  get partition(): Partition {
    return this.merge.partition;
  }

  get row(): Row {
    return this.merge.row;
  }

  get marker(): RangeTombstoneMarker {
    return this.merge.marker;
  }

  next(): Step {
    if (!this.inPartition) return this.advanceDue() ? this.beginPartition() : Step.NEED_MORE;
    const step = this.merge.next();
    if (step === Step.PARTITION_END) this.endPartition();
    return step;
  }

  load(): Promise<void> {
    return this.inPartition ? this.merge.load() : loadSources(this.due, this.dueCount);
  }

  skipPartition(): void {
    if (this.inPartition) this.merge.skipPartition();
  }

  close(): void {
    for (const source of this.sources) source.stream.close();
  }

  /** Puts every due source before its next partition into the heap; false while one of them has to load. */
  private advanceDue(): boolean {
    const { due, dueCount } = this;
    let waiting = 0;
    for (let i = 0; i < dueCount; i++) {
      const source = due[i];
      source.step = source.stream.next();
      if (source.step === Step.NEED_MORE) due[waiting++] = source;
      else if (source.step === Step.PARTITION) this.heap.push(source);
    }
    this.dueCount = waiting;
    return waiting === 0;
  }

  private beginPartition(): Step {
    const first = this.heap.pop();
    if (first === null) return Step.END;
    let count = 0;
    this.group[count++] = first;
    while (this.heap.firstEquals(first)) {
      const other = this.heap.pop();
      if (other !== null) this.group[count++] = other;
    }
    this.groupCount = count;
    this.merge.begin(this.group, count);
    this.inPartition = true;
    return Step.PARTITION;
  }

  private endPartition(): void {
    this.inPartition = false;
    for (let i = 0; i < this.groupCount; i++) this.due[i] = this.group[i];
    this.dueCount = this.groupCount;
  }
}
