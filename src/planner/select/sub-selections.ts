import { isMultiCell } from '../../schema/model/index.ts';
import type { InputColumns } from '../expressions/input-columns.ts';
import { type Element, operandsOf, type Slice, type TypedExpression } from '../expressions/typed-expression.ts';
import type { StatementRestrictions } from '../restrictions/statement-restrictions.ts';
import type { SelectedExpression } from './checked-select.ts';

/**
 * Parts of one map selected side by side (`m[10..11], m[10..]`). Cassandra keeps them in a set ordered by where they begin
 * (`ColumnFilter`, 5.0.8): of two that begin at the same key only the first is kept, and the values of entries that no kept
 * part covers come out empty. Strict mode does the same; each slice gets to know its siblings for it.
 */
export function shareColumns(
  selectors: readonly SelectedExpression[],
  inputs: InputColumns,
  restrictions: StatementRestrictions,
): SelectedExpression[] {
  const parts = new Map<number, (Slice | Element)[]>();
  const whole = new Set<number>();
  for (const { expression } of selectors) collect(expression, parts, whole);
  const affected = (slot: number): boolean => {
    const { column } = inputs.columns[slot];
    const isPlain = whole.has(slot) || restrictions.other.of(column) !== undefined;
    return !isPlain && column.type.kind === 'map' && isMultiCell(column.type) && (parts.get(slot)?.length ?? 0) > 1;
  };
  return selectors.map((selector) => {
    const { expression } = selector;
    if (expression.kind !== 'slice' || expression.operand.kind !== 'input') return selector;
    const { slot } = expression.operand;
    return affected(slot) ? { ...selector, expression: { ...expression, siblings: parts.get(slot) } } : selector;
  });
}

function collect(expression: TypedExpression, parts: Map<number, (Slice | Element)[]>, whole: Set<number>): void {
  if (expression.kind === 'input') {
    whole.add(expression.slot);
    return;
  }
  if ((expression.kind === 'slice' || expression.kind === 'element') && expression.operand.kind === 'input') {
    const { slot } = expression.operand;
    const known = parts.get(slot);
    if (known === undefined) parts.set(slot, [expression]);
    else known.push(expression);
    return;
  }
  for (const operand of operandsOf(expression)) collect(operand, parts, whole);
}
