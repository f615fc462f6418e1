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
  if (restriction === null) return { lower: null, upper: null };
  const { start, end } =
    restriction.kind === 'eq'
      ? { start: { value: restriction.value, inclusive: true }, end: { value: restriction.value, inclusive: true } }
      : restriction;
  const lower = start === null ? null : tokenBound(start.value, start.inclusive, context);
  const upper = end === null ? null : tokenBound(end.value, end.inclusive, context);
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

export function isInside(token: Token, { lower, upper }: TokenRange): boolean {
  if (lower !== null) {
    const order = compareTokens(token, lower.token);
    if (order < 0 || (order === 0 && !lower.inclusive)) return false;
  }
  if (upper !== null) {
    const order = compareTokens(token, upper.token);
    if (order > 0 || (order === 0 && !upper.inclusive)) return false;
  }
  return true;
}
