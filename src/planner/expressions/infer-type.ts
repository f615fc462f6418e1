import { CqlError } from '../../errors/index.ts';
import type { Expression, Name } from '../../parser/ast/index.ts';
import { isMultiCell } from '../../schema/model/index.ts';
import { didYouMean } from '../../schema/nearest-name.ts';
import { type CqlType, cqlTypeName } from '../../types/index.ts';
import type { ArgumentView } from '../functions/function.ts';
import { type Assignability, assignability, isValueCompatible, worstOf } from '../types/assignability.ts';
import { nativeType } from '../types/native-types.ts';
import { frozen, sameType, tupleParts } from '../types/same-type.ts';
import { aliasedExpression, type BindScope, existingColumn } from './bind-scope.ts';
import { type CallExpression, callOf, isReversedColumn, resolveCall } from './calls.ts';
import { hintedType } from './hinted-type.ts';
import { literalAssignability, preferredType } from './literals.ts';
import { selectableText } from './selectable-text.ts';

/** The type of an expression when it can have no other, else null (`getExactTypeIfKnown`, 5.0.8). */
export function exactType(expression: Expression, scope: BindScope): CqlType | null {
  return partType(expression, scope, exactType);
}

/** The best guess at an expression's type (`getCompatibleTypeIfKnown`). */
export function compatibleType(expression: Expression, scope: BindScope): CqlType | null {
  if (expression.kind === 'literal') {
    const name = preferredType(expression);
    return name === null ? null : nativeType(name);
  }
  return partType(expression, scope, compatibleType);
}

type Inference = (expression: Expression, scope: BindScope) => CqlType | null;

function partType(expression: Expression, scope: BindScope, infer: Inference): CqlType | null {
  switch (expression.kind) {
    case 'literal':
    case 'bindMarker':
    case 'udt':
      return null;
    case 'column': {
      const aliased = aliasedExpression(scope, expression.name.text);
      if (aliased !== null) return aliased.type;
      return scope.columns === null || scope.table === null ? null : existingColumn(scope.table, expression.name).type;
    }
    case 'list': {
      const element = commonType(expression.elements, scope, infer);
      return element === null ? null : { kind: 'list', element, frozen: true };
    }
    case 'set': {
      const element = commonType(expression.elements, scope, infer);
      return element === null ? null : { kind: 'set', element, frozen: true };
    }
    case 'map': {
      // Cassandra wants a cast of a selected one (`WithMapOrUdt`), which until its type is given may be a UDT.
      if (isStrictSelection(scope)) return null;
      const key = commonType(
        expression.entries.map((entry) => entry.key),
        scope,
        infer,
      );
      const value = commonType(
        expression.entries.map((entry) => entry.value),
        scope,
        infer,
      );
      return key === null || value === null ? null : { kind: 'map', key, value, frozen: false };
    }
    case 'tuple': {
      if (expression.elements.length === 1) return null;
      const elements = expression.elements.map((element) => infer(element, scope));
      return elements.some((element) => element === null)
        ? null
        : { kind: 'tuple', elements: elements.filter((element) => element !== null).map(frozen) };
    }
    case 'field': {
      const operand = infer(expression.operand, scope);
      if (operand?.kind !== 'udt') return null;
      return operand.fields.find(({ name }) => name === expression.field.text)?.type ?? null;
    }
    case 'element': {
      const operand = infer(expression.operand, scope);
      if (operand?.kind === 'map') return operand.value;
      // What Cassandra's lists are keyed by: selecting an element of one is refused, but after the types were looked at.
      if (operand?.kind === 'list' && isStrictSelection(scope)) return nativeType('timeuuid');
      return operand?.kind === 'set' ? operand.element : null;
    }
    case 'slice': {
      const operand = infer(expression.operand, scope);
      return operand?.kind === 'map' || operand?.kind === 'set' || operand?.kind === 'list' ? operand : null;
    }
    case 'call':
    case 'token':
    case 'countRows':
    case 'arithmetic':
    case 'negation':
      return callType(expression, scope);
    case 'cellAttribute':
      return attributeResultType(expression, scope);
    case 'cast':
      return hintedType(expression.type, scope);
    case 'typeHint':
      return frozen(hintedType(expression.type, scope));
    default:
      return nativeType('boolean');
  }
}

/** Columns of many cells stay so inside a selected collection, and what is frozen goes with them. */
function commonType(elements: readonly Expression[], scope: BindScope, infer: Inference): CqlType | null {
  if (elements.length === 0) return null;
  const types = elements.map((element) => infer(element, scope));
  const known = types.filter((type) => type !== null);
  if (known.length === 0) return null;
  // The widest of the types: the one that reads all others.
  return known.find((type) => known.every((other) => assignability(other, type) !== 'no')) ?? null;
}

function isStrictSelection({ columns, context }: BindScope): boolean {
  return columns !== null && context.dialect === 'strict';
}

/** In a term an error in a call means "type unknown" here: binding the call reports it. */
function callType(expression: CallExpression, scope: BindScope): CqlType | null {
  try {
    return resolveCall(callOf(expression, scope), null, scope)?.returnType ?? null;
  } catch (error) {
    if (scope.columns === null && error instanceof CqlError) return null;
    throw error;
  }
}

function attributeResultType(expression: Extract<Expression, { kind: 'cellAttribute' }>, scope: BindScope): CqlType {
  const one = nativeType(expression.attribute === 'ttl' ? 'int' : 'bigint');
  if (expression.attribute === 'maxwritetime' || expression.operand.kind !== 'column' || scope.table === null)
    return one;
  const column = existingColumn(scope.table, expression.operand.name);
  return isMultiCell(column.type) ? { kind: 'list', element: one, frozen: false } : one;
}

/** Whether an expression may go to a receiver of that type (`testAssignment`). */
export function testAssignment(expression: Expression, type: CqlType, scope: BindScope): Assignability {
  switch (expression.kind) {
    case 'literal':
      return literalAssignability(expression, type);
    case 'bindMarker':
      return 'weak';
    case 'list':
      if (type.kind === 'vector' || type.kind === 'list') {
        return elementsAssignability(expression.elements, type.element, scope);
      }
      // A term of brackets decides what it is by its receiver, and fails where that is neither (`ArrayLiteral`, 5.0.8).
      if (scope.columns === null && scope.context.dialect === 'strict') throw unexpectedArray(type);
      return 'no';
    case 'set':
      if (type.kind === 'map' && expression.elements.length === 0) return 'weak';
      return type.kind === 'set' ? elementsAssignability(expression.elements, type.element, scope) : 'no';
    case 'map':
      if (type.kind !== 'map') return 'no';
      return worstOf(
        expression.entries.flatMap(({ key, value }) => [
          testAssignment(key, type.key, scope),
          testAssignment(value, type.value, scope),
        ]),
      );
    case 'tuple':
      return tupleAssignability(expression.elements, type, scope);
    case 'udt':
      // In a selection `{c: 1}` may be a map with a column as its key.
      if (type.kind === 'map' && scope.columns !== null) return 'weak';
      if (type.kind !== 'udt') return 'no';
      return fieldsAssignability(expression, type, scope);
    case 'typeHint': {
      const written = hintedType(expression.type, scope);
      const hinted = scope.columns === null ? written : frozen(written);
      if (sameType(hinted, type)) return 'exact';
      return isValueCompatible(type, hinted) ? 'weak' : 'no';
    }
    case 'call':
    case 'token':
    case 'arithmetic':
    case 'negation':
    case 'cast':
      if (scope.columns === null) return termCallAssignability(expression, type, scope);
      break;
    default:
  }
  const known = exactType(expression, scope);
  if (known === null) return 'no';
  return assignability(known, type);
}

export function unexpectedArray(type: CqlType): CqlError {
  return CqlError.invalidRequest(`Unexpected receiver type '${cqlTypeName(type)}'; only list and vector are expected`);
}

/** In a term, fields that the type does not have are told of when the literal is bound. */
function fieldsAssignability(
  { fields }: Extract<Expression, { kind: 'udt' }>,
  type: Extract<CqlType, { kind: 'udt' }>,
  scope: BindScope,
): Assignability {
  for (const { name } of fields) {
    if (scope.columns !== null && !type.fields.some((field) => field.name === name.text))
      throw unknownField(name, type);
  }
  for (const { name, value } of fields) {
    const field = type.fields.find((candidate) => candidate.name === name.text);
    if (field !== undefined && testAssignment(value, field.type, scope) === 'no') return 'no';
  }
  return 'weak';
}

export function unknownField(name: Name, type: Extract<CqlType, { kind: 'udt' }>): CqlError {
  const names = type.fields.map((field) => field.name);
  return CqlError.invalidRequest(`Unknown field '${name.text}' in value of user defined type ${type.name}`, {
    position: name.position,
    suggestion: didYouMean(name.text, names),
  });
}

function elementsAssignability(elements: readonly Expression[], type: CqlType, scope: BindScope): Assignability {
  if (elements.length === 0) return 'weak';
  return worstOf(elements.map((element) => testAssignment(element, type, scope)));
}

function tupleAssignability(elements: readonly Expression[], type: CqlType, scope: BindScope): Assignability {
  // In a selection `(x)` is `x` itself, also where a user type of one field is expected.
  const types = scope.columns !== null && elements.length === 1 && type.kind === 'udt' ? null : tupleParts(type);
  if (types === null) return elements.length === 1 ? testAssignment(elements[0], type, scope) : 'no';
  if (elements.length > types.length) return 'no';
  return elements.every((element, i) => testAssignment(element, types[i], scope) !== 'no') ? 'weak' : 'no';
}

function termCallAssignability(expression: CallExpression, type: CqlType, scope: BindScope): Assignability {
  try {
    const resolved = resolveCall(callOf(expression, scope), type, scope);
    if (resolved === null || resolved.fromFactory) return 'weak';
    if (sameType(resolved.returnType, type)) return 'exact';
    return isValueCompatible(type, resolved.returnType) ? 'weak' : 'no';
  } catch (error) {
    if (error instanceof CqlError) return 'weak';
    throw error;
  }
}

/** An argument of a call, for resolution. */
export function argumentView(expression: Expression, scope: BindScope): ArgumentView {
  return {
    get text() {
      return selectableText(expression, scope);
    },
    get exactType() {
      return exactType(expression, scope);
    },
    get compatibleType() {
      return compatibleType(expression, scope);
    },
    isMarker: expression.kind === 'bindMarker',
    get isReversed() {
      return isReversedColumn(expression, scope);
    },
    arraySize: expression.kind === 'list' ? expression.elements.length : null,
    assignableTo: (type) => testAssignment(expression, type, scope),
  };
}
