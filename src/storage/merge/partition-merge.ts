import type { TableMetadata } from '../../schema/model/index.ts';
import {
  ClusteringComparator,
  ClusteringPrefix,
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
export interface MergeSource {
  readonly stream: UnfilteredStream;
  step: Step;
}

/**
 * Merges one partition after the other of those that several streams hold (`db/rows/UnfilteredRowIterators.merge`, 5.0.8);
 * a partition of one stream passes through untouched.
 *
 *   due = sources whose element was used, to be advanced; then the least clustering of all is merged
 *
 * `row` and `marker` may be other objects after each `next`: of one source where nothing had to be merged.
 */
export class PartitionMerge {
  row: Row = new Row();
  marker: RangeTombstoneMarker = {
    clustering: new ClusteringPrefix(),
    closing: new DeletionTime(),
    opening: new DeletionTime(),
  };
  readonly partition: MergedPartition = new MergedPartition();

  private readonly reversed: boolean;
  // Lists that never shrink beside their counts: emptying an array frees its store, and filling it again allocates.
  /** Sources that hold the current partition. */
  private readonly active: MergeSource[] = [];
  private activeCount = 0;
  /** Sources to be advanced before the next element can be chosen. */
  private readonly due: MergeSource[] = [];
  private dueCount = 0;
  /** Sources whose elements stand at the least position. */
  private readonly chosen: MergeSource[] = [];
  private chosenCount = 0;

  private readonly comparator: ClusteringComparator;
  private readonly rowMerger: RowMerger;
  private readonly markerMerger: MarkerMerger;

  constructor(table: TableMetadata, reversed: boolean) {
    this.reversed = reversed;
    this.comparator = new ClusteringComparator(table.clustering);
    this.rowMerger = new RowMerger(table);
    this.markerMerger = new MarkerMerger(reversed);
  }

  /** Begins the partition whose PARTITION step the first `count` of `sources` have taken. */
  begin(sources: readonly MergeSource[], count: number): void {
    for (let i = 0; i < count; i++) {
      this.active[i] = sources[i];
      this.due[i] = sources[i];
    }
    this.activeCount = count;
    this.dueCount = count;
    this.partition.begin(sources, count);
    if (count > 1) this.markerMerger.begin(count, this.partition.deletion);
  }

  /** The partition's elements, then PARTITION_END; NEED_MORE while a source has to load. */
  next(): Step {
    for (;;) {
      if (!this.advanceDue()) return Step.NEED_MORE;
      const step = this.activeCount === 1 ? this.passOn(this.active[0]) : this.mergeNext();
      if (step !== Step.NEED_MORE) return step;
    }
  }

  /**
   * The place among `begin`'s sources of the one that alone has rows before `loneBound`, which nothing of the others
   * deletes; -1 when there is none. To be asked between elements, with rows in clustering order.
   */
  lone(): number {
    if (!this.advanceDue() || !this.markerMerger.activeDeletion().isLive()) return -1;
    let least = -1;
    let first: ClusteringPrefix | null = null;
    let second: ClusteringPrefix | null = null;
    for (let i = 0; i < this.activeCount; i++) {
      const source = this.active[i];
      if (source.step === Step.PARTITION_END) continue;
      // What stands behind it is not known yet.
      if (source.step === Step.STATIC_ROW) return -1;
      const clustering = clusteringOf(source);
      if (first === null || this.comparator.compare(clustering, first) < 0) {
        second = first;
        first = clustering;
        least = i;
      } else if (second === null || this.comparator.compare(clustering, second) < 0) second = clustering;
    }
    if (first === null || this.active[least].step !== Step.ROW) return -1;
    if (second !== null && this.comparator.compare(first, second) === 0) return -1;
    this.loneBound = second;
    return least;
  }

  /** Where the next element of any other source stands; null when they are at their ends. */
  loneBound: ClusteringPrefix | null = null;

  /** The source's element, and perhaps more behind it, was read by someone else. */
  passed(source: number): void {
    this.due[this.dueCount++] = this.active[source];
  }

  load(): Promise<void> {
    return loadSources(this.due, this.dueCount);
  }

  skipPartition(): void {
    this.dueCount = 0;
    for (let i = 0; i < this.activeCount; i++) {
      const source = this.active[i];
      if (source.step === Step.PARTITION_END) continue;
      source.stream.skipPartition();
      this.due[this.dueCount++] = source;
    }
  }

  /** Takes the next step of every due source; false while one of them has to load. */
  private advanceDue(): boolean {
    const { due, dueCount } = this;
    let waiting = 0;
    for (let i = 0; i < dueCount; i++) {
      const source = due[i];
      source.step = source.stream.next();
      if (source.step === Step.NEED_MORE) due[waiting++] = source;
    }
    this.dueCount = waiting;
    return waiting === 0;
  }

  private passOn(source: MergeSource): Step {
    if (source.step === Step.PARTITION_END) return Step.PARTITION_END;
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
    if (this.chosenCount === 0) return Step.PARTITION_END;
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

/** Lets the first `count` of `sources` load, all at once. */
export async function loadSources(sources: readonly MergeSource[], count: number): Promise<void> {
  if (count === 1) await sources[0].stream.load();
  else await Promise.all(sources.slice(0, count).map((source) => source.stream.load()));
}

function clusteringOf(source: MergeSource): ClusteringPrefix {
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

  begin(sources: readonly MergeSource[], count: number): void {
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
