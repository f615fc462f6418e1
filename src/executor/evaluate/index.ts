/** Typed expressions made ready to run. */
export { collectionParts, collectionSize, compareParts, componentAt } from './collection-access.ts';
export { allOf, type ConditionTest, choicesOf, compileCondition } from './compile-condition.ts';
export { compileExpression, type Evaluator, evaluateConstant, termValue } from './compile-expression.ts';
export { sortedUnique } from './pack-collection.ts';
export { ArrayRow, BatchRow, type RowReader } from './row-reader.ts';
export { checkSelectedParts } from './selected-parts.ts';
export { termFault } from './term-fault.ts';
