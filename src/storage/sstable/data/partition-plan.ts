import type { DecoratedKey, PartitionRange, TokenBound } from '../../rows/index.ts';
import type { PartitionEntry, PartitionIndex, RingPlace, RowIndex } from '../partition-index.ts';

/** Partitions to read one after the other: those that begin in [start, end) of the uncompressed data. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  /** Set when the segment is the one partition of this key, found through the index. */
  readonly key: Uint8Array | null;
  /** The index of that partition's rows, where it has one. */
  readonly rowIndex: RowIndex | null;
}

/** Which partitions a stream reads; asked as it goes, so that keys not reached cost no look-up. */
export interface PartitionPlan {
  next(): Segment | null;
}

/** `find` is the look-up of one key: filter first, then the index. */
export function partitionPlan(
  range: PartitionRange,
  dataLength: number,
  index: () => PartitionIndex,
  find: (key: DecoratedKey) => PartitionEntry | null,
): PartitionPlan {
  switch (range.kind) {
    case 'all':
      return oneSegment(0, dataLength);
    case 'tokens': {
      const start = range.lower === null ? 0 : startBehind(index(), placeOf(range.lower, true), dataLength);
      const end = range.upper === null ? dataLength : startBehind(index(), placeOf(range.upper, false), dataLength);
      return oneSegment(start, end);
    }
    case 'keys':
      return new KeyPlan(range.keys, find);
  }
}

export function oneSegment(start: number, end: number): PartitionPlan {
  let isDone = start >= end;
  return {
    next: () => {
      if (isDone) return null;
      isDone = true;
      return { start, end, key: null, rowIndex: null };
    },
  };
}

/** Where the range's first partition begins, or the first one behind it: just before or after the bound. */
function placeOf(bound: TokenBound, isLower: boolean): RingPlace {
  return { token: bound.token, key: bound.key, side: bound.inclusive === isLower ? 'before' : 'after' };
}

function startBehind(index: PartitionIndex, place: RingPlace, dataLength: number): number {
  return index.ceiling(place)?.dataPosition ?? dataLength;
}

class KeyPlan implements PartitionPlan {
  private readonly keys: readonly DecoratedKey[];
  private readonly find: (key: DecoratedKey) => PartitionEntry | null;
  private done = 0;

  constructor(keys: readonly DecoratedKey[], find: (key: DecoratedKey) => PartitionEntry | null) {
    this.keys = keys;
    this.find = find;
  }

  next(): Segment | null {
    while (this.done < this.keys.length) {
      const key = this.keys[this.done++];
      const entry = this.find(key);
      if (entry === null) continue;
      return { start: entry.dataPosition, end: entry.dataPosition + 1, key: key.key, rowIndex: entry.rowIndex };
    }
    return null;
  }
}
