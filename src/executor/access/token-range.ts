import { int32At, MINIMUM_TOKEN, type Token } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import type { TokenRestriction, TypedExpression } from '../../planner/index.ts';
import type { TokenBound } from '../../storage/rows/index.ts';
import { evaluateConstant } from '../evaluate/index.ts';
import type { StatementContext } from '../statement-context.ts';

/** Null for a side without a bound. */
export interface TokenRange {
  readonly lower: TokenBound | null;
  readonly upper: TokenBound | null;
}

/**
 * The range that a restriction of the token stands for; null when nothing can be inside
 * (`StatementRestrictions.getPartitionKeyBoundsForTokenRestrictions`, 5.0.8). The minimum token as a bound is no bound.
 */
export function tokenRange(restriction: TokenRestriction | null, context: StatementContext): TokenRange | null {
  const { lower, upper } = givenBounds(restriction, context);
  if (lower === null || upper === null || isMinimum(lower.token) || isMinimum(upper.token)) {
    return { lower: unlessMinimum(lower), upper: unlessMinimum(upper) };
  }
  const order = compareTokens(lower.token, upper.token);
  if (order > 0 || (order === 0 && !(lower.inclusive && upper.inclusive))) return null;
  return { lower, upper };
}

function tokenBound(value: TypedExpression, inclusive: boolean, context: StatementContext): TokenBound {
  const bytes = evaluateConstant(value, context);
  if (bytes === null) throw CqlError.invalidRequest('Invalid null token value');
  return { token: { hi: int32At(bytes, 0), lo: int32At(bytes, 4) }, inclusive };
}

function unlessMinimum(bound: TokenBound | null): TokenBound | null {
  return bound === null || isMinimum(bound.token) ? null : bound;
}

function isMinimum(token: Token): boolean {
  return token.hi === MINIMUM_TOKEN.hi && token.lo === MINIMUM_TOKEN.lo;
}

export function compareTokens(a: Token, b: Token): number {
  return a.hi - b.hi || (a.lo >>> 0) - (b.lo >>> 0);
}

/**
 * Which of the keys that a statement names beside its restriction of the token are wanted (`TokenFilter.toRangeSet`, 5.0.8):
 * a start behind the end goes around the ring, and the minimum token is one as any other.
 */
export function tokenFilter(
  restriction: TokenRestriction | null,
  context: StatementContext,
): (token: Token) => boolean {
  const { lower, upper } = givenBounds(restriction, context);
  const isAbove = (token: Token): boolean => {
    const order = lower === null ? 1 : compareTokens(token, lower.token);
    return order > 0 || (order === 0 && lower?.inclusive === true);
  };
  const isBelow = (token: Token): boolean => {
    const order = upper === null ? -1 : compareTokens(token, upper.token);
    return order < 0 || (order === 0 && upper?.inclusive === true);
  };
  const goesAround = lower !== null && upper !== null && compareTokens(lower.token, upper.token) > 0;
  return goesAround ? (token) => isAbove(token) || isBelow(token) : (token) => isAbove(token) && isBelow(token);
}

function givenBounds(restriction: TokenRestriction | null, context: StatementContext): TokenRange {
  if (restriction === null) return { lower: null, upper: null };
  if (restriction.kind === 'eq') {
    const bound = tokenBound(restriction.value, true, context);
    return { lower: bound, upper: bound };
  }
  const { start, end } = restriction;
  return {
    lower: start === null ? null : tokenBound(start.value, start.inclusive, context),
    upper: end === null ? null : tokenBound(end.value, end.inclusive, context),
  };
}
