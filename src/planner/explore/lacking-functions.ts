import type { Expression, SelectStatement } from '../../parser/ast/index.ts';
import { conjuncts } from '../../parser/ast/index.ts';
import type { FunctionCatalog } from '../functions/function.ts';

/** The functions that a SELECT calls and Cassandra lacks, each once. */
export function lackingFunctions(statement: SelectStatement, catalog: FunctionCatalog): string[] {
  const { selection, where, groupBy, having, orderBy } = statement;
  const expressions = [
    ...(selection.kind === 'allColumns' ? [] : selection.selectors.map(({ expression }) => expression)),
    ...conjuncts(where),
    ...groupBy,
    ...conjuncts(having),
    ...orderBy.map(({ expression }) => expression),
  ];
  const called = expressions.flatMap(calledFunctions);
  return [...new Set(called)].filter((name) => catalog.isExploreOnly(name));
}

function calledFunctions(expression: Expression): string[] {
  const own = expression.kind === 'call' ? [expression.name.name.text] : [];
  return [...own, ...partsOf(expression).flatMap(calledFunctions)];
}

/** The expressions right under this one. */
function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
    case 'token':
      return expression.arguments;
    case 'list':
    case 'set':
    case 'tuple':
      return expression.elements;
    case 'map':
      return expression.entries.flatMap(({ key, value }) => [key, value]);
    case 'udt':
      return expression.fields.map(({ value }) => value);
    case 'field':
    case 'element':
    case 'slice':
    case 'cellAttribute':
    case 'cast':
    case 'typeHint':
    case 'negation':
    case 'not':
    case 'isNull':
      return [expression.operand];
    case 'arithmetic':
    case 'comparison':
    case 'contains':
    case 'like':
      return [expression.left, expression.right];
    case 'in':
      return 'kind' in expression.values ? [expression.left] : [expression.left, ...expression.values];
    case 'between':
      return [expression.operand, expression.low, expression.high];
    case 'and':
    case 'or':
      return expression.operands;
    default:
      return [];
  }
}
