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

/** Those of `others` that overlap the range from the first to the last token of `items`, gaps included. */
export function overlapping<T extends Covering>(items: readonly Covering[], others: readonly T[]): T[] {
  if (items.length === 0) return [];
  let { firstToken, lastToken } = items[0];
  for (const item of items) {
    if (compareTokens(item.firstToken, firstToken) < 0) firstToken = item.firstToken;
    if (compareTokens(item.lastToken, lastToken) > 0) lastToken = item.lastToken;
  }
  return others.filter((other) => overlaps({ firstToken, lastToken }, other));
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
