import { toHex } from '../../../bytes/index.ts';
import type { TableMetadata } from '../../../schema/model/index.ts';
import { cellWins, livenessSupersedes } from '../../../storage/merge/index.ts';
import { ClusteringComparator, type ClusteringPrefix, NO_PATH, NO_TTL, type Row } from '../../../storage/rows/index.ts';
import type { FragmentSource } from '../../../storage/scan/index.ts';
import {
  type CellFragment,
  type DeletionFragment,
  type Fragment,
  type LivenessFragment,
  type PartitionFragments,
  timesOf,
} from './fragment.ts';

/** Whether a query sees a fragment at `now`; if not, what hides it: null for a deletion that hides others itself. */
export interface Verdict {
  readonly isLive: boolean;
  readonly shadowedBy: string | null;
}

/** Judges the fragments of one partition, by the rules that reads and compactions reconcile by. */
export class Verdicts {
  private readonly cells: Row;
  private readonly comparator: ClusteringComparator;
  private readonly nowSeconds: number;
  private readonly partitionDeletions: DeletionFragment[] = [];
  /** By source, whose ranges are disjoint and come in clustering order. */
  private readonly ranges = new Map<FragmentSource, DeletionFragment[]>();
  /** Deletions of rows and collections by the row's place. */
  private readonly narrow = new Map<string, DeletionFragment[]>();
  private readonly newestCells = new Map<string, CellFragment>();
  private readonly newestLiveness = new Map<string, LivenessFragment>();

  constructor(partition: PartitionFragments, table: TableMetadata, nowSeconds: number) {
    this.cells = partition.cells;
    this.comparator = new ClusteringComparator(table.clustering);
    this.nowSeconds = nowSeconds;
    for (const fragment of partition.fragments) {
      if (fragment.kind === 'deletion') this.addDeletion(fragment);
    }
    for (const fragment of partition.fragments) {
      if (fragment.kind !== 'deletion' && this.deletionOver(fragment) === null) this.addWritten(fragment);
    }
  }

  of(fragment: Fragment): Verdict {
    const deletion = this.deletionOver(fragment);
    if (deletion !== null) return hiddenBy(`a ${deletion.of} deletion in ${deletion.source.name}`);
    if (fragment.kind === 'deletion') return { isLive: false, shadowedBy: null };
    const winner = this.winnerOver(fragment);
    if (winner !== null) return hiddenBy(winner);
    const { ttl, localSeconds } = timesOf(fragment, this.cells);
    if (ttl !== NO_TTL && localSeconds <= this.nowSeconds) return hiddenBy('its TTL, which has passed');
    return { isLive: fragment.kind !== 'cell' || !this.cells.isTombstone(fragment.index), shadowedBy: null };
  }

  private addDeletion(fragment: DeletionFragment): void {
    switch (fragment.of) {
      case 'partition':
        this.partitionDeletions.push(fragment);
        return;
      case 'range':
        append(this.ranges, fragment.source, fragment);
        return;
      case 'row':
      case 'collection':
        append(this.narrow, rowPlace(fragment.clustering), fragment);
    }
  }

  private addWritten(fragment: CellFragment | LivenessFragment): void {
    if (fragment.kind === 'liveness') {
      const place = rowPlace(fragment.clustering);
      const known = this.newestLiveness.get(place);
      if (known === undefined || livenessSupersedes(fragment.liveness, known.liveness)) {
        this.newestLiveness.set(place, fragment);
      }
      return;
    }
    const place = this.cellPlace(fragment);
    const known = this.newestCells.get(place);
    if (known === undefined || this.beats(fragment, known)) this.newestCells.set(place, fragment);
  }

  /** Shards of counters add up: only a tombstone wins over them, whatever the times. */
  private beats(a: CellFragment, b: CellFragment): boolean {
    const { cells } = this;
    if (isCounter(a) && cells.isTombstone(a.index) !== cells.isTombstone(b.index)) return cells.isTombstone(a.index);
    return cellWins(cells, a.index, cells, b.index);
  }

  private winnerOver(fragment: CellFragment | LivenessFragment): string | null {
    if (fragment.kind === 'liveness') {
      const winner = this.newestLiveness.get(rowPlace(fragment.clustering));
      return winner === undefined || winner === fragment ? null : `newer liveness in ${winner.source.name}`;
    }
    const winner = this.newestCells.get(this.cellPlace(fragment));
    if (winner === undefined || winner === fragment) return null;
    const isTombstone = this.cells.isTombstone(winner.index);
    if (isCounter(fragment) && !isTombstone) return null;
    return `a ${isTombstone ? 'cell tombstone' : 'newer cell'} in ${winner.source.name}`;
  }

  /** The latest deletion that hides the fragment; a deletion hides others like it only where it is the later. */
  private deletionOver(fragment: Fragment): DeletionFragment | null {
    let latest: DeletionFragment | null = null;
    const { hi, lo } = timesOf(fragment, this.cells);
    const consider = (deletion: DeletionFragment): void => {
      if (deletion === fragment || !deletion.time.deletes(hi, lo) || !this.covers(deletion, fragment)) return;
      if (fragment.kind === 'deletion' && !deletion.time.supersedes(fragment.time)) return;
      if (latest === null || deletion.time.supersedes(latest.time)) latest = deletion;
    };
    for (const deletion of this.partitionDeletions) consider(deletion);
    for (const ranges of this.ranges.values()) {
      const range = this.rangeAt(ranges, fragment.clustering);
      if (range !== null) consider(range);
    }
    if (fragment.kind !== 'deletion' || fragment.of === 'row' || fragment.of === 'collection') {
      for (const deletion of this.narrow.get(rowPlace(fragment.clustering)) ?? []) consider(deletion);
    }
    return latest;
  }

  /** The last range that begins at or before a place: the only one of its source that may cover it. */
  private rangeAt(ranges: readonly DeletionFragment[], place: ClusteringPrefix | null): DeletionFragment | null {
    if (place === null) return null;
    let low = 0;
    for (let high = ranges.length; low < high; ) {
      const middle = (low + high) >> 1;
      const start = ranges[middle].clustering;
      if (start !== null && this.comparator.compare(start, place) > 0) high = middle;
      else low = middle + 1;
    }
    return low === 0 ? null : ranges[low - 1];
  }

  private covers(deletion: DeletionFragment, fragment: Fragment): boolean {
    switch (deletion.of) {
      case 'partition':
        return true;
      case 'row':
        return true;
      case 'collection':
        return fragment.kind !== 'liveness' && fragment.column === deletion.column;
      case 'range': {
        const first = fragment.clustering;
        if (first === null || deletion.clustering === null || deletion.end === null) return false;
        const last = fragment.kind === 'deletion' && fragment.end !== null ? fragment.end : first;
        const { comparator } = this;
        const isRange = last !== first;
        return (
          comparator.compare(deletion.clustering, first) < (isRange ? 1 : 0) &&
          comparator.compare(last, deletion.end) < (isRange ? 1 : 0)
        );
      }
    }
  }

  private cellPlace({ clustering, column, index }: CellFragment): string {
    const { cells } = this;
    const pathEnd = cells.pathEnd[index];
    const path = pathEnd === NO_PATH ? '' : toHex(cells.cellSource[index], cells.pathStart[index], pathEnd);
    return `${rowPlace(clustering)}/${column.position}/${path}`;
  }
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}

function hiddenBy(shadowedBy: string): Verdict {
  return { isLive: false, shadowedBy };
}

function isCounter({ column: { type } }: CellFragment): boolean {
  return type.kind === 'native' && type.name === 'counter';
}

/** A text that fragments of the same row share. */
function rowPlace(clustering: ClusteringPrefix | null): string {
  if (clustering === null) return 'static';
  let place = '';
  for (let i = 0; i < clustering.size; i++) {
    const value = clustering.value(i);
    place += value === null ? 'n,' : `${toHex(value)},`;
  }
  return place;
}
