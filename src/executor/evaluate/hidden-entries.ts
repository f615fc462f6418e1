import type { TypedExpression } from '../../planner/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { compareParts, keyCodec } from './collection-access.ts';
import { type KeyRange, keyRange } from './selected-parts.ts';

type SliceExpression = Extract<TypedExpression, { kind: 'slice' }>;

/** Whether the value of a key is left out of a slice: see the planner's `shareColumns`. Null when none can be. */
export function hiddenEntries(
  { siblings, operand }: SliceExpression,
  context: StatementContext,
): ((key: Uint8Array) => boolean) | null {
  if (siblings === undefined) return null;
  const codec = keyCodec(operand.type);
  const kept: KeyRange[] = [];
  for (const sibling of siblings) {
    const range = keyRange(sibling, context);
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
