/** Typed expressions made ready to run. */
export { collectionParts, collectionSize, compareParts, componentAt } from './collection-access.ts';
export { allOf, type ConditionTest, compileCondition, nullRestriction } from './compile-condition.ts';
export { compileExpression, type Evaluator, evaluateConstant } from './compile-expression.ts';
export { packCounted, packElements, packEntries, sortedUnique } from './pack-collection.ts';
export { ArrayRow, BatchRow, NO_ROW, type RowReader } from './row-reader.ts';
