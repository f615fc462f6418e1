import type { LikeOperator } from './indexes.ts';

export interface LikeParts {
  readonly operator: LikeOperator;
  /** The pattern without the `%` at its ends. */
  readonly term: Uint8Array;
}

const PERCENT = 0x25;

/**
 * What LIKE asks for, by the `%` at the ends of its pattern; within it, `%` stands for itself
 * (`SingleColumnRestriction.LikeRestriction`, 5.0.8). Null when nothing is asked for.
 */
export function likeParts(pattern: Uint8Array): LikeParts | null {
  const { length } = pattern;
  const atStart = length > 0 && pattern[0] === PERCENT;
  const atEnd = length > 0 && pattern[length - 1] === PERCENT;
  const start = atStart ? 1 : 0;
  const end = atEnd ? length - 1 : length;
  if (end === 0 || start === end) return null;
  const operator = atEnd ? (atStart ? 'contains' : 'prefix') : atStart ? 'suffix' : 'matches';
  return { operator, term: pattern.subarray(start, end) };
}

/** As messages print the operator. */
export const LIKE_TEXT: Readonly<Record<LikeOperator, string>> = {
  prefix: "LIKE '<term>%'",
  suffix: "LIKE '%<term>'",
  contains: "LIKE '%<term>%'",
  matches: "LIKE '<term>'",
};
