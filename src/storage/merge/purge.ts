import type { TableMetadata } from '../../schema/model/index.ts';
import {
  ClusteringPrefix,
  DeletionTime,
  NO_TTL,
  type Partition,
  PrefixKind,
  type RangeTombstoneMarker,
  Row,
  Step,
  type UnfilteredStream,
} from '../rows/index.ts';

export interface PurgeOptions {
  readonly nowSeconds: number;
  /** Tombstones with an earlier local deletion time are past gc grace: now − gc_grace_seconds. */
  readonly gcBeforeSeconds: number;
  /**
   * Whether a deletion with this timestamp can go from the partition at hand: false while a source outside of the
   * compaction may hold older data of the key that it still hides (`CompactionController.getPurgeEvaluator`).
   */
  readonly mayPurge: (partition: Partition, timestampHi: number, timestampLo: number) => boolean;
  /** A view: a row without primary key liveness is dead (`TableMetadata.enforceStrictLiveness`). */
  readonly strictLiveness: boolean;
}

/**
 * Drops what compaction may forget (`db/partitions/PurgeFunction`, 5.0.8): deletions and expired data that are past gc
 * grace and hide nothing elsewhere. Expired cells that must stay become tombstones without their value. Partitions of
 * which nothing is left do not appear.
 */
export class PurgedStream implements UnfilteredStream {
  readonly table: TableMetadata;
  readonly reversed: boolean;
  readonly partition: PurgedPartition = new PurgedPartition();
  /** The source's own row where nothing of it can go. */
  row: Row = new Row();
  private readonly rest = new Row();
  readonly marker: RangeTombstoneMarker = {
    clustering: new ClusteringPrefix(),
    closing: new DeletionTime(),
    opening: new DeletionTime(),
  };
  private readonly source: UnfilteredStream;
  private readonly options: PurgeOptions;
  /** The partition's begin is held back until something of it is known to stay. */
  private holding = false;
  /** The element found while a partition was held back; delivered after it. */
  private found: Step | null = null;

  constructor(source: UnfilteredStream, options: PurgeOptions) {
    this.source = source;
    this.options = options;
    this.table = source.table;
    this.reversed = source.reversed;
  }

  next(): Step {
    if (this.found !== null) {
      const step = this.found;
      this.found = null;
      return step;
    }
    for (;;) {
      const step = this.source.next();
      switch (step) {
        case Step.END:
        case Step.NEED_MORE:
          return step;
        case Step.PARTITION:
          this.beginPartition();
          if (!this.holding) return step;
          break;
        case Step.PARTITION_END:
          if (!this.holding) return step;
          this.holding = false;
          break;
        default:
          if (this.keeps(step)) return this.deliver(step);
      }
    }
  }

  load(): Promise<void> {
    return this.source.load();
  }

  skipPartition(): void {
    this.found = null;
    this.source.skipPartition();
  }

  close(): void {
    this.source.close();
  }

  private beginPartition(): void {
    this.partition.begin(this.source.partition);
    if (this.purges(this.partition.deletion)) this.partition.deletion.clear();
    this.holding = this.partition.deletion.isLive();
  }

  private deliver(step: Step): Step {
    if (!this.holding) return step;
    this.holding = false;
    this.found = step;
    return Step.PARTITION;
  }

  private keeps(step: Step): boolean {
    if (step === Step.MARKER) return this.purgeMarker(this.source.marker);
    const { row } = this.source;
    if (this.hasDeletion(row) || this.options.strictLiveness) {
      this.row = this.rest;
      return this.purgeRow(row, this.rest);
    }
    this.row = row;
    return true;
  }

  private purges(deletion: DeletionTime): boolean {
    return !deletion.isLive() && this.mayPurge(deletion.hi, deletion.lo, deletion.localSeconds);
  }

  private mayPurge(hi: number, lo: number, localSeconds: number): boolean {
    return localSeconds < this.options.gcBeforeSeconds && this.options.mayPurge(this.source.partition, hi, lo);
  }

  private purgeMarker(marker: RangeTombstoneMarker): boolean {
    const { clustering, closing, opening } = this.marker;
    closing.copyFrom(marker.closing);
    opening.copyFrom(marker.opening);
    const closes = !closing.isLive();
    const opens = !opening.isLive();
    if (this.purges(closing)) closing.clear();
    if (this.purges(opening)) opening.clear();
    clustering.shareFrom(marker.clustering);
    if (closes && opens && closing.isLive() !== opening.isLive()) {
      clustering.kind = boundOf(clustering.kind, opening.isLive());
    }
    return !closing.isLive() || !opening.isLive();
  }

  /** The row holds something deleted or expired at `nowSeconds` (`BTreeRow.hasDeletion`). */
  private hasDeletion(row: Row): boolean {
    const { nowSeconds } = this.options;
    if (!row.deletion.isLive() || row.complexCount > 0) return true;
    if (row.hasLiveness && nowSeconds >= row.livenessLocalSeconds) return true;
    for (let i = 0; i < row.cellCount; i++) if (nowSeconds >= row.cellLocalSeconds[i]) return true;
    return false;
  }

  /** Fills `row` with what stays of `source`; false when nothing does. */
  private purgeRow(source: Row, row: Row): boolean {
    row.clear(source.isStatic);
    row.clustering.shareFrom(source.clustering);
    if (source.hasLiveness && !this.purgesLiveness(source)) {
      row.setLiveness(source.livenessHi, source.livenessLo, source.livenessTtl, source.livenessLocalSeconds);
    }
    if (!this.purges(source.deletion)) {
      row.deletion.copyFrom(source.deletion);
      row.deletionIsShadowable = source.deletionIsShadowable;
    }
    if (this.options.strictLiveness && !row.isStatic && !row.hasLiveness && row.deletion.isLive()) return false;
    for (let i = 0; i < source.complexCount; i++) {
      if (this.mayPurge(source.complexHi[i], source.complexLo[i], source.complexLocalSeconds[i])) continue;
      row.addComplexDeletion(
        source.complexColumn[i],
        source.complexHi[i],
        source.complexLo[i],
        source.complexLocalSeconds[i],
      );
    }
    for (let i = 0; i < source.cellCount; i++) this.keepCell(source, i, row);
    return !row.isEmpty();
  }

  private purgesLiveness(source: Row): boolean {
    return (
      !source.isLiveLiveness(this.options.nowSeconds) &&
      this.mayPurge(source.livenessHi, source.livenessLo, source.livenessLocalSeconds)
    );
  }

  private keepCell(source: Row, i: number, row: Row): void {
    if (source.isLiveCell(i, this.options.nowSeconds)) {
      row.addCellOf(source, i);
      return;
    }
    const hi = source.cellHi[i];
    const lo = source.cellLo[i];
    if (this.mayPurge(hi, lo, source.cellLocalSeconds[i])) return;
    if (!source.isExpiring(i)) {
      row.addCellOf(source, i);
      return;
    }
    // The value is gone for readers already, and a tombstone dated at the write lives for gc grace as the cell would.
    const localSeconds = source.cellLocalSeconds[i] - source.cellTtl[i];
    if (this.mayPurge(hi, lo, localSeconds)) return;
    row.addCell(
      source.cellColumn[i],
      hi,
      lo,
      NO_TTL,
      localSeconds,
      source.cellSource[i],
      source.valueStart[i],
      source.valueStart[i],
      source.pathStart[i],
      source.pathEnd[i],
    );
  }
}

/** The bound that is left of a boundary when only one of its sides is. */
function boundOf(boundaryKind: number, closes: boolean): number {
  if (boundaryKind === PrefixKind.EXCLUSIVE_END_INCLUSIVE_START_BOUNDARY) {
    return closes ? PrefixKind.EXCLUSIVE_END_BOUND : PrefixKind.INCLUSIVE_START_BOUND;
  }
  return closes ? PrefixKind.INCLUSIVE_END_BOUND : PrefixKind.EXCLUSIVE_START_BOUND;
}

/** The source's partition under a deletion of its own. */
class PurgedPartition implements Partition {
  key: Uint8Array = new Uint8Array(0);
  keyStart = 0;
  keyEnd = 0;
  tokenHi = 0;
  tokenLo = 0;
  readonly deletion = new DeletionTime();

  begin(source: Partition): void {
    this.key = source.key;
    this.keyStart = source.keyStart;
    this.keyEnd = source.keyEnd;
    this.tokenHi = source.tokenHi;
    this.tokenLo = source.tokenLo;
    this.deletion.copyFrom(source.deletion);
  }
}
