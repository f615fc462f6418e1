/** From AST to plan: checks, restrictions, types, function resolution. */

export { type ExplainedStep, explainPlan, explainText } from './explain/explain-plan.ts';
export { explainWrite } from './explain/explain-write.ts';
export { bindExpression } from './expressions/bind-expression.ts';
export { type BindScope, existingColumn, type MarkerSpecification, termScope } from './expressions/bind-scope.ts';
export { expressionText, predicateText } from './expressions/expression-text.ts';
export { testAssignment } from './expressions/infer-type.ts';
export { InputColumns } from './expressions/input-columns.ts';
export { literalBytes, type Receiver } from './expressions/literals.ts';
export * from './expressions/typed-expression.ts';
export * from './functions/function.ts';
export {
  type ArithmeticName,
  OPERATORS,
  operatorFunction as operatorFunctionName,
  operatorOf,
} from './functions/operators.ts';
export type { AccessPath, KeyComponent, PartitionAccess } from './plan/access-path.ts';
export type * from './plan/physical-plan.ts';
export { accessPath, inputOf, planSelect, readsRows } from './plan/plan-select.ts';
export type { PlanContext, PlanDialect } from './plan-context.ts';
export type * from './restrictions/restriction.ts';
export { RestrictionSet } from './restrictions/restriction-set.ts';
export { rowConditions } from './restrictions/row-conditions.ts';
export { checkRestrictions, type StatementRestrictions } from './restrictions/statement-restrictions.ts';
export {
  DELETE_TYPE,
  INSERT_TYPE,
  SELECT_TYPE,
  type StatementType,
  UPDATE_TYPE,
} from './restrictions/statement-type.ts';
export { checkSelect } from './select/check-select.ts';
export type * from './select/checked-select.ts';
export { type PlannedSelect, planStatement } from './select/plan-statement.ts';
export { resolveTable } from './select/select-table.ts';
export { assignability } from './types/assignability.ts';
export { NUMERIC_TYPES, nativeType } from './types/native-types.ts';
export { frozen, sameType } from './types/same-type.ts';
export { checkBatch, validateBatch } from './write/check-batch.ts';
export { checkWrite } from './write/check-write.ts';
export type {
  CheckedBatch,
  CheckedWrite,
  ColumnCondition,
  ConditionComparison,
  Conditions,
  JsonInsert,
  Operation,
} from './write/checked-write.ts';
export { requiresRead } from './write/checked-write.ts';
export { jsonColumns } from './write/json-columns.ts';
export { shiftMarkers } from './write/shift-markers.ts';
