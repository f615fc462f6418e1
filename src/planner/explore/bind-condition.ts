import { CqlError } from '../../errors/index.ts';
import type { Expression } from '../../parser/ast/index.ts';
import { type CqlType, cqlTypeName } from '../../types/index.ts';
import { bindExpression } from '../expressions/bind-expression.ts';
import type { BindScope } from '../expressions/bind-scope.ts';
import { compatibleType, exactType, testAssignment } from '../expressions/infer-type.ts';
import type { Receiver } from '../expressions/literals.ts';
import { selectableText } from '../expressions/selectable-text.ts';
import type { Condition, ConditionOperator, TypedExpression } from '../expressions/typed-expression.ts';
import { isCollection, sameType } from '../types/same-type.ts';
import { bindAnything } from './bind-anything.ts';
import { commonNumericType, widened } from './numeric-comparison.ts';

/** A condition of explore mode: AND, OR, NOT, BETWEEN, IS NULL, LIKE, IN and comparisons of any values. */
export function bindCondition(expression: Expression, scope: BindScope): Condition {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { kind: expression.kind, operands: expression.operands.map((operand) => bindCondition(operand, scope)) };
    case 'not':
      return { kind: 'not', operand: bindCondition(expression.operand, scope) };
    case 'tuple':
      if (expression.elements.length === 1) return bindCondition(expression.elements[0], scope);
      break;
    case 'comparison':
      return comparison(expression.left, expression.operator, expression.right, scope);
    case 'between': {
      const operands = [
        comparison(expression.operand, '>=', expression.low, scope),
        comparison(expression.operand, '<=', expression.high, scope),
      ];
      return negatedIf(expression.negated, { kind: 'and', operands });
    }
    case 'isNull':
      return negatedIf(expression.negated, { kind: 'isNull', operand: bindAnything(expression.operand, null, scope) });
    case 'in':
      return negatedIf(expression.negated, inCondition(expression, scope));
    case 'contains':
      return negatedIf(expression.negated, containsCondition(expression, scope));
    case 'like':
      return negatedIf(expression.negated, likeCondition(expression, scope));
    case 'indexExpression':
      throw CqlError.invalidRequest('Custom index expressions are not run yet', expression);
    default:
  }
  const operand = bindAnything(expression, null, scope);
  if (operand.type.kind === 'native' && operand.type.name === 'boolean') return { kind: 'truth', operand };
  throw CqlError.invalidRequest(
    `${selectableText(expression, scope)} of type ${cqlTypeName(operand.type)} is no condition`,
    expression,
  );
}

function negatedIf(negated: boolean, operand: Condition): Condition {
  return negated ? { kind: 'not', operand } : operand;
}

function comparison(left: Expression, operator: ConditionOperator, right: Expression, scope: BindScope): Condition {
  if (
    left.kind === 'tuple' &&
    right.kind === 'tuple' &&
    left.elements.length === right.elements.length &&
    left.elements.length > 1
  ) {
    return tupleComparison(left.elements, operator, right.elements, scope);
  }
  const [a, b] = comparable(left, right, scope);
  return { kind: 'compare', operator, left: a, right: b };
}

/** `(a, b) > (c, d)`: by the first parts that differ. */
function tupleComparison(
  left: readonly Expression[],
  operator: ConditionOperator,
  right: readonly Expression[],
  scope: BindScope,
): Condition {
  if (operator === '=') {
    return { kind: 'and', operands: left.map((part, i) => comparison(part, '=', right[i], scope)) };
  }
  if (operator === '!=') {
    return { kind: 'or', operands: left.map((part, i) => comparison(part, '!=', right[i], scope)) };
  }
  const beyond: ConditionOperator = operator === '<' || operator === '<=' ? '<' : '>';
  const operands = left.map((part, i): Condition => {
    const equal = left.slice(0, i).map((before, j) => comparison(before, '=', right[j], scope));
    const edge = i === left.length - 1 ? operator : beyond;
    return { kind: 'and', operands: [...equal, comparison(part, edge, right[i], scope)] };
  });
  return { kind: 'or', operands };
}

/** Both sides in one type: a constant takes the other side's, numbers the wider of the two. */
function comparable(left: Expression, right: Expression, scope: BindScope): [TypedExpression, TypedExpression] {
  const leftType = exactType(left, scope);
  const rightType = exactType(right, scope);
  if (leftType !== null && testAssignment(right, leftType, scope) !== 'no') {
    const receiver = receiverOf(left, leftType, scope);
    return [bindAnything(left, null, scope), bindAnything(right, receiver, scope)];
  }
  if (rightType !== null && testAssignment(left, rightType, scope) !== 'no') {
    const receiver = receiverOf(right, rightType, scope);
    return [bindAnything(left, receiver, scope), bindAnything(right, null, scope)];
  }
  return widenedSides(left, right, leftType, rightType, scope);
}

function widenedSides(
  left: Expression,
  right: Expression,
  leftType: CqlType | null,
  rightType: CqlType | null,
  scope: BindScope,
): [TypedExpression, TypedExpression] {
  const a = leftType ?? compatibleType(left, scope);
  const b = rightType ?? compatibleType(right, scope);
  const common = a === null || b === null ? null : commonNumericType(a, b);
  if (common !== null && a !== null && b !== null) {
    return [
      widened(bindAnything(left, leftType === null ? receiverOf(left, a, scope) : null, scope), common, scope),
      widened(bindAnything(right, rightType === null ? receiverOf(right, b, scope) : null, scope), common, scope),
    ];
  }
  // The message of a constant that does not fit is the clearest there is.
  if (leftType !== null)
    return [bindAnything(left, null, scope), mustFit(right, receiverOf(left, leftType, scope), scope)];
  if (rightType !== null)
    return [mustFit(left, receiverOf(right, rightType, scope), scope), bindAnything(right, null, scope)];
  const first = bindAnything(left, null, scope);
  return [first, bindAnything(right, { name: 'value', type: first.type }, scope)];
}

function mustFit(expression: Expression, receiver: Receiver, scope: BindScope): TypedExpression {
  const bound = bindExpression(expression, receiver, scope);
  if (sameType(bound.type, receiver.type)) return bound;
  throw CqlError.invalidRequest(
    `${selectableText(expression, scope)} of type ${cqlTypeName(bound.type)} cannot be compared with ${receiver.name} of type ${cqlTypeName(receiver.type)}`,
    expression,
  );
}

function receiverOf(expression: Expression, type: CqlType, scope: BindScope): Receiver {
  return { name: selectableText(expression, scope), type };
}

function inCondition(expression: Extract<Expression, { kind: 'in' }>, scope: BindScope): Condition {
  const { values } = expression;
  if ('kind' in values) {
    const left = bindAnything(expression.left, null, scope);
    const type: CqlType = { kind: 'list', element: left.type, frozen: true };
    return { kind: 'inList', left, list: bindExpression(values, { name: 'in', type }, scope) };
  }
  const operands = values.map((value) => comparison(expression.left, '=', value, scope));
  return { kind: 'or', operands };
}

function containsCondition(expression: Extract<Expression, { kind: 'contains' }>, scope: BindScope): Condition {
  const left = bindAnything(expression.left, null, scope);
  const text = selectableText(expression.left, scope);
  const { type } = left;
  if (!isCollection(type))
    throw CqlError.invalidRequest(`Cannot use CONTAINS on non-collection column ${text}`, expression);
  if (expression.key && type.kind !== 'map') {
    throw CqlError.invalidRequest(`Cannot use CONTAINS KEY on non-map column ${text}`, expression);
  }
  const element = type.kind !== 'map' ? type.element : expression.key ? type.key : type.value;
  const right = bindAnything(expression.right, { name: `value(${text})`, type: element }, scope);
  return { kind: 'contains', left, right, key: expression.key };
}

function likeCondition(expression: Extract<Expression, { kind: 'like' }>, scope: BindScope): Condition {
  const left = bindAnything(expression.left, null, scope);
  const isText = left.type.kind === 'native' && (left.type.name === 'text' || left.type.name === 'ascii');
  if (!isText) {
    throw CqlError.invalidRequest(
      `LIKE needs a text, and ${selectableText(expression.left, scope)} is of type ${cqlTypeName(left.type)}`,
      expression,
    );
  }
  return { kind: 'like', left, right: bindAnything(expression.right, { name: 'LIKE', type: left.type }, scope) };
}
