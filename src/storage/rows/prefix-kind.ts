/**
 * Kinds of clustering prefixes with their ordinals on disk (`db/ClusteringPrefix.Kind`, 5.0.8).
 *
 *   ordinal  kind                          side of the rows with these values
 *   0        EXCLUSIVE_END_BOUND           before
 *   1        INCLUSIVE_START_BOUND         before
 *   2        EXCLUSIVE_END_INCLUSIVE_START before
 *   3        STATIC_CLUSTERING             before everything
 *   4        CLUSTERING                    the row itself
 *   5        INCLUSIVE_END_EXCLUSIVE_START after
 *   6        INCLUSIVE_END_BOUND           after
 *   7        EXCLUSIVE_START_BOUND         after
 */
export const PrefixKind = {
  EXCLUSIVE_END_BOUND: 0,
  INCLUSIVE_START_BOUND: 1,
  EXCLUSIVE_END_INCLUSIVE_START_BOUNDARY: 2,
  STATIC_CLUSTERING: 3,
  CLUSTERING: 4,
  INCLUSIVE_END_EXCLUSIVE_START_BOUNDARY: 5,
  INCLUSIVE_END_BOUND: 6,
  EXCLUSIVE_START_BOUND: 7,
} as const;
export type PrefixKind = (typeof PrefixKind)[keyof typeof PrefixKind];

const COMPARISON = Int8Array.of(0, 0, 0, 1, 2, 3, 3, 3);
const AGAINST_CLUSTERING = Int8Array.of(-1, -1, -1, -1, 0, 1, 1, 1);

/** Order of two kinds whose values are equal. */
export function compareKinds(a: number, b: number): number {
  return COMPARISON[a] - COMPARISON[b];
}

/** Where a prefix of this kind stands among rows that begin with its values: -1 before, 0 a row, 1 after. */
export function sideOf(kind: number): number {
  return AGAINST_CLUSTERING[kind];
}

export function isStart(kind: number): boolean {
  return kind === 1 || kind === 7 || kind === 2 || kind === 5;
}

export function isEnd(kind: number): boolean {
  return kind === 0 || kind === 6 || kind === 2 || kind === 5;
}

/** A boundary ends one range tombstone and starts another. */
export function isBoundary(kind: number): boolean {
  return kind === 2 || kind === 5;
}
