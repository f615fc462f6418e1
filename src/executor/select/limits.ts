import { int32At } from '../../bytes/index.ts';
import type { CheckedSelect, TypedExpression } from '../../planner/index.ts';
import { evaluateConstant, termFault } from '../evaluate/index.ts';
import type { StatementContext } from '../statement-context.ts';

/** The value of LIMIT or PER PARTITION LIMIT, which messages do not tell apart; null when there is none. */
export function limitOf(limit: TypedExpression | null, context: StatementContext): number | null {
  if (limit === null) return null;
  if (limit.kind === 'marker' && context.values[limit.index] === undefined) return null;
  const bytes = evaluateConstant(limit, context);
  if (bytes === null) throw termFault(limit, context, 'Invalid null value of limit');
  const value = int32At(bytes, 0);
  if (value <= 0) throw termFault(limit, context, 'LIMIT must be strictly positive');
  return value;
}

export function offsetOf(offset: TypedExpression | null, context: StatementContext): number | null {
  if (offset === null) return null;
  const bytes = evaluateConstant(offset, context);
  if (bytes === null) return null;
  const value = int32At(bytes, 0);
  if (value < 0) throw termFault(offset, context, 'OFFSET must not be negative');
  return value;
}

/** Throws what is wrong with any of them, and gives LIMIT. */
export function checkLimits(checked: CheckedSelect, context: StatementContext): number | null {
  const limit = limitOf(checked.limit, context);
  limitOf(checked.perPartitionLimit, context);
  offsetOf(checked.offset, context);
  return limit;
}
