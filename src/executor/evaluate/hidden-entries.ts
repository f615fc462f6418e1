import type { TypedExpression } from '../../planner/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { compareParts, keyCodec } from './collection-access.ts';
import { evaluateConstant } from './compile-expression.ts';

type SliceExpression = Extract<TypedExpression, { kind: 'slice' }>;

/** A part of a map by its keys; null is an open end. */
interface KeyRange {
  readonly from: Uint8Array | null;
  readonly to: Uint8Array | null;
}

/** Whether the value of a key is left out of a slice: see the planner's `shareColumns`. Null when none can be. */
export function hiddenEntries(
  { siblings, operand }: SliceExpression,
  context: StatementContext,
): ((key: Uint8Array) => boolean) | null {
  if (siblings === undefined) return null;
  const codec = keyCodec(operand.type);
  const valueOf = (expression: TypedExpression | null): Uint8Array | null =>
    expression === null ? null : evaluateConstant(expression, context);
  const kept: KeyRange[] = [];
  for (const sibling of siblings) {
    const range =
      sibling.kind === 'slice'
        ? { from: valueOf(sibling.from), to: valueOf(sibling.to) }
        : { from: valueOf(sibling.key), to: valueOf(sibling.key) };
    if (!kept.some((other) => compareParts(codec, other.from, range.from) === 0)) kept.push(range);
  }
  if (kept.length === siblings.length) return null;
  return (key) =>
    !kept.some(({ from, to }) => {
      return (
        (from === null || compareParts(codec, key, from) >= 0) && (to === null || compareParts(codec, key, to) <= 0)
      );
    });
}
