import { compareUnsigned, int64 } from '../../bytes/index.ts';
import { invariant } from '../../errors/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import {
  ClusteringComparator,
  type ClusteringPrefix,
  DeletionTime,
  type Partition,
  type RangeTombstoneMarker,
  Row,
  Step,
  type UnfilteredStream,
} from '../rows/index.ts';
import { MarkerMerger } from './marker-merger.ts';
import { RowMerger } from './row-merger.ts';

/** One input with the step it stands on; the step is taken when its element has gone into the output. */
interface Source {
  readonly stream: UnfilteredStream;
  step: Step;
}

/**
 * The K-way merge of streams of one table, reconciled by Cassandra's rules (`db/rows/UnfilteredRowIterators.merge`,
 * 5.0.8). Partitions come off a heap by token and key; a partition that only one source holds passes through untouched;
 * one that several hold is merged row by row.
 *
 * `row` and `marker` may be other objects after each `next`: of one source where nothing had to be merged.
 *
 *   between partitions   due = sources whose next partition is not known; then the least key leaves the heap
 *   passing              the partition's only source answers by itself
 *   merging              due = sources whose element was used; then the least clustering is merged
 */
export class MergedStream implements UnfilteredStream {
  readonly table: TableMetadata;
  readonly reversed: boolean;
  row: Row = new Row();
  marker: RangeTombstoneMarker;
  readonly partition: MergedPartition = new MergedPartition();

  private readonly sources: readonly Source[];
  private readonly heap: PartitionHeap = new PartitionHeap();
  // Lists that never shrink beside their counts: emptying an array frees its store, and filling it again allocates.
  /** Sources that hold the current partition. */
  private readonly active: Source[] = [];
  private activeCount = 0;
  /** Sources to be advanced before the next element can be chosen. */
  private readonly due: Source[] = [];
  private dueCount = 0;
  /** Sources whose elements stand at the least position. */
  private readonly chosen: Source[] = [];
  private chosenCount = 0;
  private inPartition = false;

  private readonly comparator: ClusteringComparator;
  private readonly rowMerger: RowMerger;
  private readonly markerMerger: MarkerMerger;

  constructor(streams: readonly UnfilteredStream[]) {
    invariant(streams.length > 0, 'a merge needs a source');
    this.table = streams[0].table;
    this.reversed = streams[0].reversed;
    this.marker = streams[0].marker;
    this.sources = streams.map((stream) => ({ stream, step: Step.NEED_MORE }));
    for (const source of this.sources) this.due[this.dueCount++] = source;
    this.comparator = new ClusteringComparator(this.table.clustering);
    this.rowMerger = new RowMerger(this.table);
    this.markerMerger = new MarkerMerger(this.reversed);
  }

  next(): Step {
    for (;;) {
      if (!this.advanceDue()) return Step.NEED_MORE;
      if (!this.inPartition) return this.beginPartition();
      const step = this.activeCount === 1 ? this.passOn(this.active[0]) : this.mergeNext();
      if (step !== Step.NEED_MORE) return step;
    }
  }

  async load(): Promise<void> {
    if (this.dueCount === 1) await this.due[0].stream.load();
    else await Promise.all(this.due.slice(0, this.dueCount).map((source) => source.stream.load()));
  }

  skipPartition(): void {
    if (!this.inPartition) return;
    this.dueCount = 0;
    for (let i = 0; i < this.activeCount; i++) {
      const source = this.active[i];
      if (source.step === Step.PARTITION_END) continue;
      source.stream.skipPartition();
      this.due[this.dueCount++] = source;
    }
  }

  close(): void {
    for (const source of this.sources) source.stream.close();
  }

  /** Takes the next step of every due source; false while one of them has to load. */
  private advanceDue(): boolean {
    const { due, dueCount } = this;
    let waiting = 0;
    for (let i = 0; i < dueCount; i++) {
      const source = due[i];
      source.step = source.stream.next();
      if (source.step === Step.NEED_MORE) due[waiting++] = source;
      else if (!this.inPartition && source.step === Step.PARTITION) this.heap.push(source);
    }
    this.dueCount = waiting;
    return waiting === 0;
  }

  private beginPartition(): Step {
    const first = this.heap.pop();
    if (first === null) return Step.END;
    const { active } = this;
    let count = 0;
    active[count++] = first;
    while (this.heap.firstEquals(first)) {
      const other = this.heap.pop();
      if (other !== null) active[count++] = other;
    }
    this.activeCount = count;
    this.partition.begin(active, count);
    if (count > 1) this.markerMerger.begin(count, this.partition.deletion);
    this.inPartition = true;
    this.allActiveAreDue();
    return Step.PARTITION;
  }

  private endPartition(): Step {
    this.inPartition = false;
    this.allActiveAreDue();
    return Step.PARTITION_END;
  }

  private allActiveAreDue(): void {
    for (let i = 0; i < this.activeCount; i++) this.due[i] = this.active[i];
    this.dueCount = this.activeCount;
  }

  private passOn(source: Source): Step {
    if (source.step === Step.PARTITION_END) return this.endPartition();
    this.row = source.stream.row;
    this.marker = source.stream.marker;
    this.due[this.dueCount++] = source;
    return source.step;
  }

  /** The next element of a partition in several sources; NEED_MORE when what stood at this position cancelled out. */
  private mergeNext(): Step {
    this.chooseStatics();
    if (this.chosenCount > 0) return this.mergeRows(Step.STATIC_ROW, this.partition.deletion);
    this.chooseLeast();
    if (this.chosenCount === 0) return this.endPartition();
    if (this.chosen[0].step === Step.ROW) return this.mergeRows(Step.ROW, this.markerMerger.activeDeletion());
    return this.mergeMarkers();
  }

  private chooseStatics(): void {
    this.chosenCount = 0;
    for (let i = 0; i < this.activeCount; i++) {
      if (this.active[i].step === Step.STATIC_ROW) this.chosen[this.chosenCount++] = this.active[i];
    }
  }

  /** Gathers the sources whose rows or markers stand at the least position. */
  private chooseLeast(): void {
    const { chosen } = this;
    let count = 0;
    let least: ClusteringPrefix | null = null;
    for (let i = 0; i < this.activeCount; i++) {
      const source = this.active[i];
      if (source.step === Step.PARTITION_END) continue;
      const clustering = clusteringOf(source);
      const order = least === null ? -1 : this.comparator.compare(clustering, least);
      if (least === null || (this.reversed ? -order : order) < 0) {
        least = clustering;
        chosen[0] = source;
        count = 1;
      } else if (order === 0) {
        chosen[count++] = source;
      }
    }
    this.chosenCount = count;
  }

  private mergeRows(step: Step, active: DeletionTime): Step {
    this.rowMerger.clear();
    for (let i = 0; i < this.chosenCount; i++) {
      this.rowMerger.add(this.chosen[i].stream.row);
      this.due[this.dueCount++] = this.chosen[i];
    }
    const row = this.rowMerger.merge(active);
    if (row === null) return Step.NEED_MORE;
    this.row = row;
    return step;
  }

  private mergeMarkers(): Step {
    for (let i = 0; i < this.chosenCount; i++) {
      const source = this.chosen[i];
      this.markerMerger.add(this.active.indexOf(source), source.stream.marker);
      this.due[this.dueCount++] = source;
    }
    const marker = this.markerMerger.merge();
    if (marker === null) return Step.NEED_MORE;
    this.marker = marker;
    return Step.MARKER;
  }
}

function clusteringOf(source: Source): ClusteringPrefix {
  return source.step === Step.MARKER ? source.stream.marker.clustering : source.stream.row.clustering;
}

/** The newest deletion of the sources' partitions, and a key that stays when the first of them has moved on. */
class MergedPartition implements Partition {
  key: Uint8Array = new Uint8Array(64);
  keyStart = 0;
  keyEnd = 0;
  tokenHi = 0;
  tokenLo = 0;
  readonly deletion = new DeletionTime();

  begin(sources: readonly Source[], count: number): void {
    const first = sources[0].stream.partition;
    const length = first.keyEnd - first.keyStart;
    if (this.key.length < length) this.key = new Uint8Array(length * 2);
    for (let i = 0; i < length; i++) this.key[i] = first.key[first.keyStart + i];
    this.keyEnd = length;
    this.tokenHi = first.tokenHi;
    this.tokenLo = first.tokenLo;
    this.deletion.copyFrom(first.deletion);
    for (let i = 1; i < count; i++) {
      const { deletion } = sources[i].stream.partition;
      if (deletion.supersedes(this.deletion)) this.deletion.copyFrom(deletion);
    }
  }
}

/** Sources by the key of the partition they stand before: a binary heap. */
class PartitionHeap {
  private readonly items: Source[] = [];

  push(source: Source): void {
    const items = this.items;
    let i = items.push(source) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (comparePartitions(items[parent], source) <= 0) break;
      items[i] = items[parent];
      i = parent;
    }
    items[i] = source;
  }

  pop(): Source | null {
    const items = this.items;
    const last = items.pop();
    if (last === undefined) return null;
    if (items.length === 0) return last;
    const first = items[0];
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && comparePartitions(items[child + 1], items[child]) < 0) child++;
      if (comparePartitions(items[child], last) >= 0) break;
      items[i] = items[child];
      i = child;
    }
    items[i] = last;
    return first;
  }

  firstEquals(source: Source): boolean {
    return this.items.length > 0 && comparePartitions(this.items[0], source) === 0;
  }
}

function comparePartitions(a: Source, b: Source): number {
  const p = a.stream.partition;
  const q = b.stream.partition;
  const byToken = int64.compare(p.tokenHi, p.tokenLo, q.tokenHi, q.tokenLo);
  return byToken !== 0 ? byToken : compareUnsigned(p.key, p.keyStart, p.keyEnd, q.key, q.keyStart, q.keyEnd);
}
