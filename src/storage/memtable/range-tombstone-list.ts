import {
  type ClusteringComparator,
  ClusteringPrefix,
  DeletionTime,
  PrefixKind,
  type RangeTombstoneMarker,
} from '../rows/index.ts';

/** A deleted range between two bounds of its own; never changed once in a list. */
export interface RangeTombstone {
  readonly start: ClusteringPrefix;
  readonly end: ClusteringPrefix;
  readonly deletion: DeletionTime;
}

/**
 * The range tombstones of a partition as disjoint ranges in clustering order, of which the newest deletion shows at each
 * place (`db/RangeTombstoneList`, 5.0.8).
 */
export class RangeTombstoneList {
  private readonly ranges: RangeTombstone[];
  private readonly comparator: ClusteringComparator;

  constructor(comparator: ClusteringComparator, ranges: readonly RangeTombstone[] = []) {
    this.comparator = comparator;
    this.ranges = [...ranges];
  }

  get length(): number {
    return this.ranges.length;
  }

  copy(): RangeTombstoneList {
    return new RangeTombstoneList(this.comparator, this.ranges);
  }

  /** Lays a deletion over the list; the bounds are copied. A range that holds nothing is ignored. */
  add(start: ClusteringPrefix, end: ClusteringPrefix, deletion: DeletionTime): void {
    if (this.comparator.compare(start, end) >= 0) return;
    const added: RangeTombstone = { start: owned(start), end: owned(end), deletion: copyOf(deletion) };
    const first = this.firstEndingAfter(start);
    const pieces: RangeTombstone[] = [];
    let last = first;
    let from = added.start;
    let isCovered = false;
    for (; last < this.ranges.length && this.before(this.ranges[last].start, end); last++) {
      const existing = this.ranges[last];
      if (deletion.supersedes(existing.deletion)) {
        if (this.before(existing.start, from)) {
          pieces.push({ start: existing.start, end: asEnd(from), deletion: existing.deletion });
        }
        if (this.before(added.end, existing.end)) {
          pieces.push({ start: from, end: added.end, deletion: added.deletion });
          pieces.push({ start: asStart(added.end), end: existing.end, deletion: existing.deletion });
          isCovered = true;
        }
      } else {
        if (this.before(from, existing.start)) {
          pieces.push({ start: from, end: asEnd(existing.start), deletion: added.deletion });
        }
        pieces.push(existing);
        from = asStart(existing.end);
        isCovered = !this.before(from, added.end);
      }
    }
    if (!isCovered) pieces.push({ start: from, end: added.end, deletion: added.deletion });
    this.ranges.splice(first, last - first, ...pieces);
  }

  /** Appends the markers of the ranges within a slice, clipped to it, in clustering order. */
  markersIn(
    start: ClusteringPrefix,
    end: ClusteringPrefix,
    partition: DeletionTime,
    out: RangeTombstoneMarker[],
  ): void {
    let openEnd: ClusteringPrefix | null = null;
    let open: DeletionTime = LIVE;
    for (let i = this.firstEndingAfter(start); i < this.ranges.length; i++) {
      const range = this.ranges[i];
      if (!this.before(range.start, end)) break;
      if (!range.deletion.supersedes(partition)) continue;
      const from = this.before(range.start, start) ? start : range.start;
      if (openEnd !== null && this.comparator.compare(openEnd, from) === 0) {
        if (!open.equals(range.deletion)) out.push(marker(boundaryAt(openEnd), open, range.deletion));
      } else {
        if (openEnd !== null) out.push(marker(openEnd, open, LIVE));
        out.push(marker(from, LIVE, range.deletion));
      }
      openEnd = this.before(end, range.end) ? end : range.end;
      open = range.deletion;
    }
    if (openEnd !== null) out.push(marker(openEnd, open, LIVE));
  }

  private firstEndingAfter(start: ClusteringPrefix): number {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.before(start, this.ranges[middle].end)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private before(a: ClusteringPrefix, b: ClusteringPrefix): boolean {
    return this.comparator.compare(a, b) < 0;
  }
}

const LIVE = new DeletionTime();

function marker(clustering: ClusteringPrefix, closing: DeletionTime, opening: DeletionTime): RangeTombstoneMarker {
  return { clustering, closing, opening };
}

function owned(prefix: ClusteringPrefix): ClusteringPrefix {
  const copy = new ClusteringPrefix(prefix.size);
  copy.copyFrom(prefix);
  return copy;
}

function copyOf(deletion: DeletionTime): DeletionTime {
  return DeletionTime.of(deletion.hi, deletion.lo, deletion.localSeconds);
}

function withKind(prefix: ClusteringPrefix, kind: number): ClusteringPrefix {
  const copy = new ClusteringPrefix(prefix.size);
  copy.shareFrom(prefix);
  copy.kind = kind;
  return copy;
}

/** The end bound just before a start bound. */
function asEnd(start: ClusteringPrefix): ClusteringPrefix {
  const isInclusive = start.kind === PrefixKind.INCLUSIVE_START_BOUND;
  return withKind(start, isInclusive ? PrefixKind.EXCLUSIVE_END_BOUND : PrefixKind.INCLUSIVE_END_BOUND);
}

/** The start bound just after an end bound. */
function asStart(end: ClusteringPrefix): ClusteringPrefix {
  const isInclusive = end.kind === PrefixKind.INCLUSIVE_END_BOUND;
  return withKind(end, isInclusive ? PrefixKind.EXCLUSIVE_START_BOUND : PrefixKind.INCLUSIVE_START_BOUND);
}

/** The boundary between a range that ends with this bound and one that starts there. */
function boundaryAt(end: ClusteringPrefix): ClusteringPrefix {
  const isInclusive = end.kind === PrefixKind.INCLUSIVE_END_BOUND;
  return withKind(
    end,
    isInclusive ? PrefixKind.INCLUSIVE_END_EXCLUSIVE_START_BOUNDARY : PrefixKind.EXCLUSIVE_END_INCLUSIVE_START_BOUNDARY,
  );
}
