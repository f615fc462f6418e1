import { int64, type Token } from '../../bytes/index.ts';

/** Anything that covers a range of tokens, both ends included. */
export interface Covering {
  readonly firstToken: Token;
  readonly lastToken: Token;
}

export function compareTokens(a: Token, b: Token): number {
  return int64.compare(a.hi, a.lo, b.hi, b.lo);
}

export function overlaps(a: Covering, b: Covering): boolean {
  return compareTokens(a.firstToken, b.lastToken) <= 0 && compareTokens(b.firstToken, a.lastToken) <= 0;
}

/** From the first to the last token of one item or more, gaps included. */
export function spanOf(items: readonly Covering[]): Covering {
  let { firstToken, lastToken } = items[0];
  for (const item of items) {
    if (compareTokens(item.firstToken, firstToken) < 0) firstToken = item.firstToken;
    if (compareTokens(item.lastToken, lastToken) > 0) lastToken = item.lastToken;
  }
  return { firstToken, lastToken };
}

/** Those of `others` that overlap the span of `items`. */
export function overlapping<T extends Covering>(items: readonly Covering[], others: readonly T[]): T[] {
  if (items.length === 0) return [];
  const span = spanOf(items);
  return others.filter((other) => overlaps(span, other));
}

/** How far a bucket reaches beyond the sets that have enough items: not, to their items' other sets, or to whatever those touch. */
export type OverlapInclusion = 'NONE' | 'SINGLE' | 'TRANSITIVE';

/**
 * Runs of consecutive overlap sets of which one has at least `threshold` items, with the neighbours that share items with
 * them (`utils/Overlaps.assignOverlapsIntoBuckets`).
 */
export function overlapBuckets<T>(
  sets: readonly (readonly T[])[],
  threshold: number,
  inclusion: OverlapInclusion,
): (readonly T[])[][] {
  const buckets: (readonly T[])[][] = [];
  let taken = 0;
  for (let i = 0; i < sets.length; i++) {
    if (sets[i].length < threshold) continue;
    const reach = new Set(sets[i]);
    const isTouched = (set: readonly T[]): boolean => set.some((item) => reach.has(item));
    const take = (set: readonly T[]): void => {
      if (inclusion === 'TRANSITIVE') for (const item of set) reach.add(item);
    };
    let from = i;
    let to = i + 1;
    if (inclusion !== 'NONE') {
      for (; from > taken && isTouched(sets[from - 1]); from--) take(sets[from - 1]);
      for (; to < sets.length && isTouched(sets[to]); to++) take(sets[to]);
    }
    buckets.push(sets.slice(from, to));
    taken = to;
    i = to - 1;
  }
  return buckets;
}

/**
 * All maximal sets of items that share a token, in token order (`compaction/unified/Overlaps.constructOverlapSets`): each
 * item is in consecutive sets.
 */
export function overlapSets<T extends Covering>(items: readonly T[]): T[][] {
  const sorted = [...items].sort((a, b) => compareTokens(a.firstToken, b.firstToken));
  const sets: T[][] = [];
  let active: T[] = [];
  let isMaximal = false;
  for (const item of sorted) {
    const staying = active.filter((other) => compareTokens(other.lastToken, item.firstToken) >= 0);
    if (staying.length < active.length && isMaximal) {
      sets.push(active);
      isMaximal = false;
    }
    active = [...staying, item];
    isMaximal = true;
  }
  if (active.length > 0) sets.push(active);
  return sets;
}
