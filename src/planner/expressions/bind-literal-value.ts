import { CqlError } from '../../errors/index.ts';
import type {
  Expression,
  ListLiteral,
  MapLiteral,
  SetLiteral,
  TupleExpression,
  UdtLiteral,
} from '../../parser/ast/index.ts';
import { type CqlType, cqlTypeName } from '../../types/index.ts';
import { frozen, tupleParts } from '../types/same-type.ts';
import { bindExpression, cannotInfer } from './bind-expression.ts';
import type { BindScope } from './bind-scope.ts';
import { compatibleType, exactType, testAssignment, unexpectedArray, unknownField } from './infer-type.ts';
import type { Receiver } from './literals.ts';
import { selectableText } from './selectable-text.ts';
import { operandsOf, type TypedExpression } from './typed-expression.ts';

/** `[a, b]`: a list or a vector (`Lists.Literal`, `Vectors.Literal`, 5.0.8). */
export function bindArray(literal: ListLiteral, receiver: Receiver | null, scope: BindScope): TypedExpression {
  const target = receiver ?? inferred(literal, scope);
  const { type, name } = target;
  const what = type.kind === 'vector' ? 'vector' : 'list';
  if (type.kind !== 'list' && type.kind !== 'vector') throw unexpectedArray(type);
  if (type.kind === 'vector' && literal.elements.length !== type.dimensions) {
    if (scope.columns !== null) {
      throw CqlError.invalidRequest(
        `Unable to create a vector selector of type ${cqlTypeName(type)} from ${literal.elements.length} elements`,
        literal,
      );
    }
    throw CqlError.invalidRequest(
      `Invalid vector literal for ${name} of type ${cqlTypeName(type)}; expected ${type.dimensions} elements, but given ${literal.elements.length}`,
      literal,
    );
  }
  const element: Receiver = { name: `value(${name})`, type: type.element };
  // A type that was inferred of the parts is not asked of each of them again.
  const elements = bindParts(literal.elements, element, target, what, receiver !== null, scope);
  return { kind: 'elements', type, elements };
}

/** `{a, b}`; `{}` is also the empty map. */
export function bindSet(literal: SetLiteral, receiver: Receiver | null, scope: BindScope): TypedExpression {
  const target = receiver ?? inferred(literal, scope);
  const { type, name } = target;
  if (literal.elements.length === 0 && type.kind === 'map') return { kind: 'entries', type, entries: [] };
  if (type.kind !== 'set') {
    throw CqlError.invalidRequest(`Invalid set literal for ${name} of type ${cqlTypeName(type)}`, literal);
  }
  if (scope.columns !== null && isDuration(type.element)) {
    throw CqlError.invalidRequest(`Durations are not allowed inside sets: ${cqlTypeName(frozen(type))}`, literal);
  }
  const element: Receiver = { name: `value(${name})`, type: type.element };
  const elements = bindParts(literal.elements, element, target, 'set', receiver !== null, scope);
  return { kind: 'elements', type, elements };
}

function bindParts(
  parts: readonly Expression[],
  receiver: Receiver,
  target: Receiver,
  what: string,
  isChecked: boolean,
  scope: BindScope,
): TypedExpression[] {
  if (isChecked) checkParts(parts, receiver.type, 'value', target, what, scope);
  const bound = parts.map((part) => {
    const value = bindExpression(part, receiver, scope);
    if (what !== 'vector') refuseMarkers(value, part, target, what, scope);
    return value;
  });
  refuseNulls(bound, literalWords(what), scope);
  return bound;
}

/** Cassandra takes markers in tuples, UDTs and vectors, not in collections. */
function refuseMarkers(
  value: TypedExpression,
  part: Expression,
  target: Receiver,
  what: string,
  { columns, context }: BindScope,
): void {
  if (columns !== null || context.dialect !== 'strict' || !containsMarker(value)) return;
  throw CqlError.invalidRequest(
    `Invalid ${what} literal for ${target.name}: bind variables are not supported inside collection literals`,
    part,
  );
}

/** A term made of constants alone is packed when its statement is prepared, before later faults are seen. */
function refuseNulls(parts: readonly TypedExpression[], where: string, { columns }: BindScope): void {
  if (columns !== null || !parts.every(isTerminal)) return;
  if (parts.some((part) => part.kind === 'constant' && part.bytes === null)) {
    throw CqlError.invalidRequest(`null is not supported inside ${where}`);
  }
}

function literalWords(what: string): string {
  return what === 'vector' ? 'vectors' : 'collections';
}

function containsMarker(expression: TypedExpression): boolean {
  return expression.kind === 'marker' || operandsOf(expression).some(containsMarker);
}

function isTerminal(expression: TypedExpression): boolean {
  if (expression.kind === 'constant') return true;
  return (expression.kind === 'elements' || expression.kind === 'entries') && operandsOf(expression).every(isTerminal);
}

function checkParts(
  parts: readonly Expression[],
  type: CqlType,
  role: string,
  target: Receiver,
  what: string,
  scope: BindScope,
): void {
  for (const part of parts) {
    if (testAssignment(part, type, scope) !== 'no') continue;
    throw CqlError.invalidRequest(
      `Invalid ${what} literal for ${target.name}: ${role} ${selectableText(part, scope)} is not of type ${cqlTypeName(type)}`,
      part,
    );
  }
}

export function bindMap(literal: MapLiteral, receiver: Receiver | null, scope: BindScope): TypedExpression {
  const target = receiver ?? inferred(literal, scope);
  const { type, name } = target;
  if (type.kind !== 'map') {
    throw CqlError.invalidRequest(`Invalid map literal for ${name} of type ${cqlTypeName(type)}`, literal);
  }
  if (scope.columns !== null && isDuration(type.key)) {
    throw CqlError.invalidRequest(`Durations are not allowed as map keys: ${cqlTypeName(frozen(type))}`, literal);
  }
  for (const { key, value } of literal.entries) {
    checkParts([key], type.key, 'key', target, 'map', scope);
    checkParts([value], type.value, 'value', target, 'map', scope);
  }
  const keyReceiver: Receiver = { name: `key(${name})`, type: type.key };
  const valueReceiver: Receiver = { name: `value(${name})`, type: type.value };
  const entries = literal.entries.map(({ key, value }) => {
    const entry = [bindExpression(key, keyReceiver, scope), bindExpression(value, valueReceiver, scope)] as const;
    for (const part of entry) refuseMarkers(part, key, target, 'map', scope);
    return entry;
  });
  refuseNulls(entries.flat(), 'collections', scope);
  return { kind: 'entries', type, entries };
}

/** `{street: 'x'}`; in a selection also a map whose keys are columns. */
export function bindUdt(literal: UdtLiteral, receiver: Receiver | null, scope: BindScope): TypedExpression {
  if (receiver === null) cannotInfer(literal, scope);
  const { type, name } = receiver;
  if (type.kind === 'map' && scope.columns !== null) return bindMap(asMap(literal), receiver, scope);
  if (type.kind !== 'udt') {
    throw CqlError.invalidRequest(`Invalid user type literal for ${name} of type ${cqlTypeName(type)}`, literal);
  }
  const given = type.fields.map((field) => literal.fields.find(({ name: written }) => written.text === field.name));
  type.fields.forEach((field, i) => {
    const value = given[i]?.value;
    if (value === undefined || testAssignment(value, field.type, scope) !== 'no') return;
    throw CqlError.invalidRequest(
      `Invalid user type literal for ${name}: field ${field.name} is not of type ${cqlTypeName(field.type)}`,
      value,
    );
  });
  const elements = type.fields.map((field, i) => {
    const value = given[i]?.value;
    return value === undefined
      ? null
      : bindExpression(value, { name: `${name}.${field.name}`, type: field.type }, scope);
  });
  const unknown = literal.fields.find((field) => !type.fields.some((known) => known.name === field.name.text));
  if (unknown !== undefined) throw unknownField(unknown.name, type);
  return { kind: 'elements', type, elements };
}

function asMap(literal: UdtLiteral): MapLiteral {
  return {
    kind: 'map',
    position: literal.position,
    entries: literal.fields.map(({ name, value }) => ({
      key: { kind: 'column', position: name.position, name },
      value,
    })),
  };
}

/** `(a, b)`, also of a UDT's first fields; `(a)` is `a`, unless such a type is asked for. */
export function bindTuple(literal: TupleExpression, receiver: Receiver | null, scope: BindScope): TypedExpression {
  if (literal.elements.length === 1 && isParenthesised(receiver, scope)) {
    return bindExpression(literal.elements[0], receiver, scope);
  }
  const target = receiver ?? inferred(literal, scope);
  const { type, name } = target;
  const types = tupleParts(type);
  if (types === null) {
    throw CqlError.invalidRequest(`Invalid tuple type literal for ${name} of type ${cqlTypeName(type)}`, literal);
  }
  literal.elements.forEach((part, i) => {
    if (i >= types.length) {
      throw CqlError.invalidRequest(
        `Invalid tuple literal for ${name}: too many elements. Type ${cqlTypeName(type)} expects ${types.length} but got ${literal.elements.length}`,
        literal,
      );
    }
    if (receiver !== null && testAssignment(part, types[i], scope) === 'no') {
      throw CqlError.invalidRequest(
        `Invalid tuple literal for ${name}: component ${i} is not of type ${cqlTypeName(types[i])}`,
        part,
      );
    }
  });
  const elements = literal.elements.map((part, i) =>
    bindExpression(part, { name: `${name}[${i}]`, type: types[i] }, scope),
  );
  return { kind: 'elements', type, elements };
}

/** Whether `(a)` is `a`: the parser cannot tell (`Tuples.Literal`, `BetweenParenthesesOrWithTuple`, 5.0.8). */
function isParenthesised(receiver: Receiver | null, { columns, context }: BindScope): boolean {
  if (receiver === null) return context.dialect === 'explore';
  return columns === null ? tupleParts(receiver.type) === null : receiver.type.kind !== 'tuple';
}

function isDuration(type: CqlType): boolean {
  return type.kind === 'native' && type.name === 'duration';
}

/** In a selection a literal's type may follow from its parts. */
function inferred(literal: Expression, scope: BindScope): Receiver {
  const type =
    exactType(literal, scope) ?? (scope.context.dialect === 'explore' ? compatibleType(literal, scope) : null);
  return type === null ? cannotInfer(literal, scope) : { name: selectableText(literal, scope), type };
}
