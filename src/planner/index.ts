/** From AST to plan: checks, restrictions, types, function resolution. */

export { explainPlan, explainText } from './explain/explain-plan.ts';
export { explainWrite } from './explain/explain-write.ts';
export type { MarkerSpecification } from './expressions/bind-scope.ts';
export { literalBytes } from './expressions/literals.ts';
export * from './expressions/typed-expression.ts';
export * from './functions/function.ts';
export { type ArithmeticName, OPERATORS, operatorFunction as operatorFunctionName } from './functions/operators.ts';
export type { AccessPath, KeyComponent } from './plan/access-path.ts';
export type * from './plan/physical-plan.ts';
export { accessPath } from './plan/plan-select.ts';
export type { PlanContext } from './plan-context.ts';
export { indexesOf, supportsLike } from './restrictions/indexes.ts';
export { LIKE_TEXT, likeParts } from './restrictions/like-pattern.ts';
export type * from './restrictions/restriction.ts';
export { filteredRestrictions } from './restrictions/row-conditions.ts';
export type { StatementRestrictions } from './restrictions/statement-restrictions.ts';
export type * from './select/checked-select.ts';
export { requireMonotonic } from './select/group-by.ts';
export { type PlannedSelect, planStatement } from './select/plan-statement.ts';
export { resolveTable } from './select/select-table.ts';
export { assignability } from './types/assignability.ts';
export { nativeType } from './types/native-types.ts';
export { checkBatch, validateBatch } from './write/check-batch.ts';
export { checkWrite } from './write/check-write.ts';
export type {
  CheckedBatch,
  CheckedWrite,
  ColumnCondition,
  ConditionComparison,
  Operation,
} from './write/checked-write.ts';
export { requiresRead } from './write/checked-write.ts';
export { type JsonColumnValue, jsonColumns } from './write/json-columns.ts';
export { shiftMarkers } from './write/shift-markers.ts';
