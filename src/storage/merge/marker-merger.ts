import { ClusteringPrefix, DeletionTime, PrefixKind, type RangeTombstoneMarker, sideOf } from '../rows/index.ts';

/**
 * Merges the range tombstone markers of one partition in several sources (`db/rows/RangeTombstoneMarker.Merger`, 5.0.8).
 * Each source has at most one range open; the merged stream shows the newest of them, where it is newer than the
 * partition's deletion. Works in both directions: reversed, what a marker opens for the reader is its closing side.
 *
 *   `add` all markers at one position, then `merge`; `activeDeletion` is what hides the rows that follow.
 */
export class MarkerMerger {
  private readonly reversed: boolean;
  private readonly partitionDeletion = new DeletionTime();
  /** The deletion open in each source; LIVE when none is. */
  private readonly open: DeletionTime[] = [];
  private sources = 0;
  private readonly current = new DeletionTime();
  private readonly active = new DeletionTime();
  private readonly previous = new DeletionTime();
  private readonly bound = new ClusteringPrefix();
  private readonly merged: RangeTombstoneMarker = {
    clustering: new ClusteringPrefix(),
    closing: new DeletionTime(),
    opening: new DeletionTime(),
  };

  constructor(reversed: boolean) {
    this.reversed = reversed;
  }

  /** Begins a partition that `sources` sources hold. */
  begin(sources: number, partitionDeletion: DeletionTime): void {
    this.sources = sources;
    while (this.open.length < sources) this.open.push(new DeletionTime());
    for (let i = 0; i < sources; i++) this.open[i].clear();
    this.partitionDeletion.copyFrom(partitionDeletion);
    this.current.clear();
    this.active.copyFrom(partitionDeletion);
  }

  add(source: number, marker: RangeTombstoneMarker): void {
    this.bound.shareFrom(marker.clustering);
    this.open[source].copyFrom(this.reversed ? marker.closing : marker.opening);
  }

  /** The marker of the merged stream at this position; null when the sources' markers change nothing there. */
  merge(): RangeTombstoneMarker | null {
    this.previous.copyFrom(this.current);
    this.findCurrent();
    if (this.previous.equals(this.current)) return null;
    const merged = this.merged;
    const before = this.reversed ? this.current : this.previous;
    const after = this.reversed ? this.previous : this.current;
    merged.closing.copyFrom(before);
    merged.opening.copyFrom(after);
    merged.clustering.shareFrom(this.bound);
    merged.clustering.kind = kindOf(sideOf(this.bound.kind) < 0, !before.isLive(), !after.isLive());
    return merged;
  }

  /** What hides the rows after the last merged marker: the open range's deletion, else the partition's. */
  activeDeletion(): DeletionTime {
    return this.active;
  }

  private findCurrent(): void {
    let newest: DeletionTime | null = null;
    for (let i = 0; i < this.sources; i++) {
      if (!this.open[i].isLive() && (newest === null || this.open[i].supersedes(newest))) newest = this.open[i];
    }
    if (newest?.supersedes(this.partitionDeletion)) {
      this.current.copyFrom(newest);
      this.active.copyFrom(newest);
    } else {
      this.current.clear();
      this.active.copyFrom(this.partitionDeletion);
    }
  }
}

/** The kind of a marker before or after the rows with its values, by what it closes and opens in clustering order. */
function kindOf(beforeRows: boolean, closes: boolean, opens: boolean): number {
  if (closes && opens) {
    return beforeRows
      ? PrefixKind.EXCLUSIVE_END_INCLUSIVE_START_BOUNDARY
      : PrefixKind.INCLUSIVE_END_EXCLUSIVE_START_BOUNDARY;
  }
  if (opens) return beforeRows ? PrefixKind.INCLUSIVE_START_BOUND : PrefixKind.EXCLUSIVE_START_BOUND;
  return beforeRows ? PrefixKind.EXCLUSIVE_END_BOUND : PrefixKind.INCLUSIVE_END_BOUND;
}
