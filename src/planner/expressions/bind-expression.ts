import { CqlError } from '../../errors/index.ts';
import type { Expression, Literal } from '../../parser/ast/index.ts';
import { isMultiCell } from '../../schema/model/index.ts';
import { type CqlType, cqlTypeName } from '../../types/index.ts';
import { nativeType } from '../types/native-types.ts';
import { frozen, isCollection, tupleParts } from '../types/same-type.ts';
import { bindCall, bindCast } from './bind-call.ts';
import { bindArray, bindMap, bindSet, bindTuple, bindUdt } from './bind-literal-value.ts';
import { aliasedExpression, type BindScope, existingColumn, isOpaque, termScope } from './bind-scope.ts';
import { typeNodeText } from './expression-text.ts';
import { hintedType } from './hinted-type.ts';
import { exactType, testAssignment } from './infer-type.ts';
import { literalBytes, type Receiver } from './literals.ts';
import { selectableText } from './selectable-text.ts';
import type { Element, Field, Slice, TypedExpression } from './typed-expression.ts';

/** A value that its type cannot take is told with its place; the text stays Cassandra's. */
function bytesAtPlace(literal: Literal, receiver: Receiver): Uint8Array | null {
  try {
    return literalBytes(literal, receiver);
  } catch (error) {
    throw error instanceof CqlError ? error.at(literal.position) : error;
  }
}

/**
 * Resolves an expression for a receiver: names to columns and functions, literals to bytes of the receiver's type, with
 * Cassandra's messages. In a scope without columns this is `Term.Raw.prepare`, else `Selectable.newSelectorFactory`, where
 * the receiver may be unknown (null).
 */
export function bindExpression(expression: Expression, receiver: Receiver | null, scope: BindScope): TypedExpression {
  switch (expression.kind) {
    case 'literal': {
      const known = receiver ?? cannotInfer(expression, scope);
      const bytes = bytesAtPlace(expression, known);
      const literal = expression.slot < 0 ? undefined : { slot: expression.slot, name: known.name };
      return { kind: 'constant', type: known.type, bytes, literal, position: expression.position };
    }
    case 'bindMarker':
      return bindMarker(expression, receiver ?? cannotInfer(expression, scope), scope);
    case 'column':
      return bindColumn(expression, scope);
    case 'list':
      return bindArray(expression, receiver, scope);
    case 'set':
      return bindSet(expression, receiver, scope);
    case 'map':
      return bindMap(expression, receiver, scope);
    case 'udt':
      return bindUdt(expression, receiver, scope);
    case 'tuple':
      return bindTuple(expression, receiver, scope);
    case 'field':
      return bindField(expression, scope);
    case 'element':
      return bindElement(expression, scope);
    case 'slice':
      return bindSlice(expression, scope);
    case 'call':
    case 'countRows':
    case 'token':
    case 'arithmetic':
    case 'negation':
      return bindCall(expression, receiver, scope);
    case 'cast':
      return bindCast(expression, receiver, scope);
    case 'cellAttribute':
      return bindAttribute(expression, scope);
    case 'typeHint':
      return bindTypeHint(expression, receiver, scope);
    default:
      throw CqlError.invalidRequest(`A condition has no place here: ${selectableText(expression, scope)}`, expression);
  }
}

export function cannotInfer(expression: Expression, scope: BindScope): never {
  const text = selectableText(expression, scope);
  throw CqlError.invalidRequest(
    `Cannot infer type for term ${text} in selection clause (try using a cast to force a type)`,
    expression,
  );
}

function bindMarker(
  marker: Extract<Expression, { kind: 'bindMarker' }>,
  receiver: Receiver,
  scope: BindScope,
): TypedExpression {
  const name = scope.columns === null ? receiver.name : '[selection]';
  scope.markers[marker.index] = { name, type: receiver.type };
  return { kind: 'marker', type: receiver.type, index: marker.index, name };
}

function bindColumn(expression: Extract<Expression, { kind: 'column' }>, scope: BindScope): TypedExpression {
  const aliased = aliasedExpression(scope, expression.name.text);
  if (aliased !== null) return aliased;
  if (scope.columns === null || scope.table === null) {
    throw CqlError.invalidRequest(`A column has no place here: ${expression.name.text}`, expression);
  }
  return scope.columns.value(existingColumn(scope.table, expression.name));
}

function bindField(expression: Extract<Expression, { kind: 'field' }>, scope: BindScope): TypedExpression {
  const { operand: selected, field } = expression;
  const inner = selected.kind === 'tuple' ? exactType(selected.elements[0], scope) : null;
  const text = selectableText(selected, scope);
  const notUserType = (type: CqlType): CqlError =>
    CqlError.invalidRequest(
      `Invalid field selection: ${text} of type ${cqlTypeName(type)} is not a user type`,
      expression,
    );
  if (inner !== null && inner.kind !== 'udt') throw notUserType(inner);
  const operand = bindExpression(selected, inner === null ? null : { name: 'field', type: inner }, scope);
  const { type } = operand;
  if (type.kind !== 'udt') throw notUserType(type);
  const index = type.fields.findIndex(({ name }) => name === field.text);
  if (index < 0)
    throw CqlError.invalidRequest(`${text} of type ${cqlTypeName(type)} has no field ${field.text}`, field);
  return { kind: 'field', type: type.fields[index].type, operand, index };
}

function bindElement(expression: Extract<Expression, { kind: 'element' }>, scope: BindScope): TypedExpression {
  const operand = bindExpression(expression.operand, null, scope);
  const { type } = operand;
  const text = selectableText(expression.operand, scope);
  if (!isCollection(type)) {
    throw CqlError.invalidRequest(
      `Invalid element selection: ${text} is of type ${cqlTypeName(type)} is not a collection`,
      expression,
    );
  }
  const key = bindExpression(expression.key, keyReceiver(type, text, 'Element'), termScope(scope));
  return { kind: 'element', type: type.kind === 'map' ? type.value : type.element, operand, operandName: text, key };
}

function bindSlice(expression: Extract<Expression, { kind: 'slice' }>, scope: BindScope): TypedExpression {
  const operand = bindExpression(expression.operand, null, scope);
  const { type } = operand;
  const text = selectableText(expression.operand, scope);
  if (!isCollection(type)) {
    throw CqlError.invalidRequest(
      `Invalid slice selection: ${text} of type ${cqlTypeName(type)} is not a collection`,
      expression,
    );
  }
  const receiver = keyReceiver(type, text, 'Slice');
  const bound = (part: Expression | undefined): TypedExpression | null =>
    part === undefined ? null : bindExpression(part, receiver, termScope(scope));
  return { kind: 'slice', type, operand, operandName: text, from: bound(expression.from), to: bound(expression.to) };
}

function keyReceiver(type: Extract<CqlType, { kind: 'list' | 'set' | 'map' }>, text: string, what: string): Receiver {
  if (type.kind === 'list') {
    throw CqlError.invalidRequest(`${what} selection is only allowed on sets and maps, but ${text} is a list`);
  }
  return type.kind === 'map'
    ? { name: `key(${text})`, type: type.key }
    : { name: `value(${text})`, type: type.element };
}

/** `writetime(c)`: of a column, or of a part of one. */
function bindAttribute(expression: Extract<Expression, { kind: 'cellAttribute' }>, scope: BindScope): TypedExpression {
  const { attribute } = expression;
  let { operand } = expression;
  while (operand.kind === 'field' || operand.kind === 'element' || operand.kind === 'slice') operand = operand.operand;
  if (operand.kind !== 'column' || scope.columns === null || scope.table === null) {
    throw CqlError.invalidRequest(`${attribute} needs a column`, expression);
  }
  const column = existingColumn(scope.table, operand.name);
  if (column.kind === 'partition_key' || column.kind === 'clustering') {
    throw CqlError.invalidRequest(
      `Cannot use selection function ${attribute} on PRIMARY KEY part ${column.name}`,
      expression,
    );
  }
  const times = scope.columns.attribute(column, attribute === 'ttl' ? 'ttl' : 'writetime');
  const part = expression.operand === operand ? null : expression.operand;
  if (!isMultiCell(column.type)) {
    if (part === null) return times;
    return { kind: 'partTimes', type: times.type, part: boundPart(expression, part, scope), times };
  }
  if (part !== null) return partAttribute(expression, part, times, scope);
  return attribute === 'maxwritetime' ? largest(times) : times;
}

/** Times of an element, a slice or a field of a multi-cell column: chosen by position among the column's values. */
function partAttribute(
  expression: Extract<Expression, { kind: 'cellAttribute' }>,
  part: Expression,
  times: TypedExpression,
  scope: BindScope,
): TypedExpression {
  const bound = boundPart(expression, part, scope);
  const one = nativeType(expression.attribute === 'ttl' ? 'int' : 'bigint');
  const isList = bound.kind === 'slice' && expression.attribute !== 'maxwritetime';
  const type: CqlType = isList ? { kind: 'list', element: one, frozen: false } : one;
  return { kind: 'partTimes', type, part: bound, times };
}

function boundPart(
  expression: Extract<Expression, { kind: 'cellAttribute' }>,
  part: Expression,
  scope: BindScope,
): Field | Element | Slice {
  const bound = bindExpression(part, null, scope);
  if (bound.kind === 'field' || bound.kind === 'element' || bound.kind === 'slice') return bound;
  throw CqlError.invalidRequest(`${expression.attribute} needs a column or a part of one`, expression);
}

/** `maxwritetime` of a multi-cell column: the largest of its cells'. */
function largest(times: TypedExpression): TypedExpression {
  return { kind: 'partTimes', type: nativeType('bigint'), part: null, times };
}

/** An opaque user type is asked only what tuples are asked, which does not tell frozen ones apart. */
function hintTarget(receiver: Receiver, scope: BindScope): CqlType {
  const parts = receiver.type.kind === 'udt' && isOpaque(receiver, scope.context) ? tupleParts(receiver.type) : null;
  return parts === null ? receiver.type : { kind: 'tuple', elements: parts };
}

function bindTypeHint(
  expression: Extract<Expression, { kind: 'typeHint' }>,
  receiver: Receiver | null,
  scope: BindScope,
): TypedExpression {
  const text = selectableText(expression, scope);
  if (scope.columns === null && receiver !== null) {
    const type = hintedType(expression.type, scope);
    if (testAssignment(expression.operand, type, scope) === 'no') {
      const operand = selectableText(expression.operand, scope);
      throw CqlError.invalidRequest(
        `Cannot cast value ${operand} to type ${typeNodeText(expression.type, scope.keyspace)}`,
        expression,
      );
    }
    if (testAssignment(expression, hintTarget(receiver, scope), scope) === 'no') {
      throw CqlError.invalidRequest(
        `Cannot assign value ${text} to ${receiver.name} of type ${cqlTypeName(receiver.type)}`,
        expression,
      );
    }
    return bindExpression(expression.operand, receiver, scope);
  }
  const type = frozen(hintedType(expression.type, scope));
  if (testAssignment(expression.operand, type, scope) === 'no') {
    throw CqlError.invalidRequest(`Cannot assign value ${text} to ${text} of type ${cqlTypeName(type)}`, expression);
  }
  const bound = bindExpression(expression.operand, { name: text, type }, scope);
  // A hint changes no bytes: only the type that the value is taken to have.
  return bound.kind === 'input' || bound.kind === 'constant' ? { ...bound, type } : bound;
}
