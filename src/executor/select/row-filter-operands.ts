import { EMPTY_BYTES } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import {
  filteredRestrictions,
  indexesOf,
  LIKE_TEXT,
  type LikeRestriction,
  likeParts,
  type Restriction,
  type StatementRestrictions,
  supportsLike,
  type TypedExpression,
} from '../../planner/index.ts';
import type { ColumnMetadata } from '../../schema/model/index.ts';
import { boundChoices, columnChoices, tupleChoices, tupleValues } from '../access/condition-values.ts';
import { termValue } from '../evaluate/index.ts';
import type { StatementContext } from '../statement-context.ts';

/**
 * Refuses what rows cannot be tested for, restriction by restriction, before anything is read
 * (`Restriction.addToRowFilter` and `RowFilter.Expression.validate`, 5.0.8).
 */
export function checkRowFilter(restrictions: StatementRestrictions, context: StatementContext): void {
  for (const restriction of filteredRestrictions(restrictions)) {
    if (
      restriction.multiColumn &&
      restriction.columns.length > 1 &&
      restriction.kind === 'in' &&
      !restrictions.tolerant
    ) {
      throw CqlError.invalidRequest('Multicolumn IN filters are not supported');
    }
    if (restriction.multiColumn && restriction.kind === 'slice' && !restrictions.tolerant) {
      throw CqlError.invalidRequest('Multi-column slice restrictions cannot be used for filtering.');
    }
    checkOperands(restriction, restrictions, context);
  }
}

function checkOperands(restriction: Restriction, restrictions: StatementRestrictions, context: StatementContext): void {
  const { columns, multiColumn } = restriction;
  const [{ name }] = columns;
  const check = (term: TypedExpression, what = 'value', column = name): void => {
    const value = termValue(term, context);
    if (value === null) {
      // A comparison with null is never true.
      throw CqlError.invalidRequest(`Unsupported null ${what} for column ${column}`, {
        suggestion: `rows without a value are found in explore mode: ${column} IS NULL`,
      });
    }
    if (value === undefined) throw CqlError.invalidRequest(`Unsupported unset ${what} for column ${column}`);
  };
  switch (restriction.kind) {
    case 'eq':
      if (multiColumn) tupleValues(restriction.values, columns, context);
      restriction.values.forEach((value, i) => {
        check(value, 'value', columns[i].name);
      });
      return;
    case 'in': {
      const { choices } = restriction;
      if (multiColumn) tupleChoices(choices, columns, context);
      else if ('kind' in choices) checkBoundList(choices, columns[0], context);
      else for (const [value] of choices) termValue(value, context);
      return;
    }
    case 'slice':
      for (const bound of [restriction.start, restriction.end]) {
        for (const value of bound?.values ?? []) check(value);
      }
      return;
    case 'contains':
      for (const value of [...restriction.values, ...restriction.keys]) check(value);
      for (const [key, value] of restriction.entries) {
        check(key, 'map key');
        check(value, 'map value');
      }
      return;
    case 'like':
      checkLike(restriction, restrictions, context);
      return;
    case 'ann':
      check(restriction.vector);
  }
}

/** A null choice is refused of a key column; of others those before it are looked for. */
function checkBoundList(marker: TypedExpression, column: ColumnMetadata, context: StatementContext): void {
  if (column.kind === 'partition_key' || column.kind === 'clustering') columnChoices(marker, column, context);
  else boundChoices(marker, column, context);
}

function checkLike(
  { columns: [column], value }: LikeRestriction,
  { table, tolerant }: StatementRestrictions,
  context: StatementContext,
): void {
  if (tolerant) return;
  const pattern = termValue(value, context);
  if (pattern === null) throw CqlError.invalidRequest(`Unsupported null value for column ${column.name}`);
  const parts = likeParts(pattern ?? EMPTY_BYTES);
  if (parts === null) throw CqlError.invalidRequest("LIKE value can't be empty.");
  if (supportsLike(column, parts.operator, indexesOf(table))) return;
  const term = Buffer.from(parts.term).toString();
  throw CqlError.invalidRequest(
    `${column.name} ${LIKE_TEXT[parts.operator]} ${term} is only supported on properly indexed columns`,
  );
}
