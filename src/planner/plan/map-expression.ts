import type { Condition, TypedExpression } from '../expressions/typed-expression.ts';

type Change = (expression: TypedExpression) => TypedExpression;

/** The same expression with each of its operands changed. */
export function mapOperands(expression: TypedExpression, change: Change): TypedExpression {
  switch (expression.kind) {
    case 'constant':
    case 'marker':
    case 'input':
      return expression;
    case 'call':
    case 'aggregate':
      return { ...expression, args: expression.args.map(change) };
    case 'elements':
      return {
        ...expression,
        elements: expression.elements.map((element) => (element === null ? null : change(element))),
      };
    case 'entries':
      return {
        ...expression,
        entries: expression.entries.map(([key, value]) => [change(key), change(value)] as const),
      };
    case 'field':
      return { ...expression, operand: change(expression.operand) };
    case 'element':
      return { ...expression, operand: change(expression.operand), key: change(expression.key) };
    case 'slice':
      return {
        ...expression,
        operand: change(expression.operand),
        from: expression.from === null ? null : change(expression.from),
        to: expression.to === null ? null : change(expression.to),
      };
    case 'partTimes':
      return { ...expression, times: change(expression.times) };
    case 'test':
      return { ...expression, condition: mapCondition(expression.condition, change) };
  }
}

export function mapCondition(condition: Condition, change: Change): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { ...condition, operands: condition.operands.map((operand) => mapCondition(operand, change)) };
    case 'not':
      return { ...condition, operand: mapCondition(condition.operand, change) };
    case 'compare':
    case 'contains':
    case 'like':
      return { ...condition, left: change(condition.left), right: change(condition.right) };
    case 'in':
      return { ...condition, left: change(condition.left), values: condition.values.map(change) };
    case 'inList':
      return { ...condition, left: change(condition.left), list: change(condition.list) };
    case 'entry':
      return { ...condition, map: change(condition.map), key: change(condition.key), value: change(condition.value) };
    case 'isNull':
    case 'truth':
      return { ...condition, operand: change(condition.operand) };
  }
}
