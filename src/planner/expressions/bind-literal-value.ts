import { CqlError } from '../../errors/index.ts';
import type {
  Expression,
  ListLiteral,
  MapLiteral,
  SetLiteral,
  TupleExpression,
  UdtLiteral,
} from '../../parser/ast/index.ts';
import { didYouMean } from '../../schema/nearest-name.ts';
import { type CqlType, cqlTypeName } from '../../types/index.ts';
import { bindExpression, cannotInfer } from './bind-expression.ts';
import type { BindScope } from './bind-scope.ts';
import { compatibleType, exactType, testAssignment } from './infer-type.ts';
import type { Receiver } from './literals.ts';
import { selectableText } from './selectable-text.ts';
import type { TypedExpression } from './typed-expression.ts';

/** `[a, b]`: a list or a vector (`Lists.Literal`, `Vectors.Literal`, 5.0.8). */
export function bindArray(literal: ListLiteral, receiver: Receiver | null, scope: BindScope): TypedExpression {
  const target = receiver ?? inferred(literal, scope);
  const { type, name } = target;
  const what = type.kind === 'vector' ? 'vector' : 'list';
  if (type.kind !== 'list' && type.kind !== 'vector') {
    throw CqlError.invalidRequest(
      `Unexpected receiver type '${cqlTypeName(type)}'; only list and vector are expected`,
      literal,
    );
  }
  if (type.kind === 'vector' && literal.elements.length !== type.dimensions) {
    throw CqlError.invalidRequest(
      `Invalid vector literal for ${name} of type ${cqlTypeName(type)}; expected ${type.dimensions} elements, but given ${literal.elements.length}`,
      literal,
    );
  }
  const elements = bindParts(literal.elements, { name: `value(${name})`, type: type.element }, target, what, scope);
  return { kind: 'elements', type, elements };
}

/** `{a, b}`; `{}` is also the empty map and UDT. */
export function bindSet(literal: SetLiteral, receiver: Receiver | null, scope: BindScope): TypedExpression {
  const target = receiver ?? inferred(literal, scope);
  const { type, name } = target;
  if (literal.elements.length === 0) {
    if (type.kind === 'map') return { kind: 'entries', type, entries: [] };
    if (type.kind === 'udt') return { kind: 'elements', type, elements: type.fields.map(() => null) };
  }
  if (type.kind !== 'set') {
    throw CqlError.invalidRequest(`Invalid set literal for ${name} of type ${cqlTypeName(type)}`, literal);
  }
  const elements = bindParts(literal.elements, { name: `value(${name})`, type: type.element }, target, 'set', scope);
  return { kind: 'elements', type, elements };
}

function bindParts(
  parts: readonly Expression[],
  receiver: Receiver,
  target: Receiver,
  what: string,
  scope: BindScope,
): TypedExpression[] {
  checkParts(parts, receiver.type, 'value', target, what, scope);
  return parts.map((part) => bindExpression(part, receiver, scope));
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
  for (const { key, value } of literal.entries) {
    checkParts([key], type.key, 'key', target, 'map', scope);
    checkParts([value], type.value, 'value', target, 'map', scope);
  }
  const keyReceiver: Receiver = { name: `key(${name})`, type: type.key };
  const valueReceiver: Receiver = { name: `value(${name})`, type: type.value };
  const entries = literal.entries.map(
    ({ key, value }) => [bindExpression(key, keyReceiver, scope), bindExpression(value, valueReceiver, scope)] as const,
  );
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
  const unknown = literal.fields.find((field) => !type.fields.some((known) => known.name === field.name.text));
  if (unknown !== undefined) {
    throw CqlError.invalidRequest(`Unknown field '${unknown.name.text}' in value of user defined type ${type.name}`, {
      position: unknown.name.position,
      suggestion: didYouMean(
        unknown.name.text,
        type.fields.map((field) => field.name),
      ),
    });
  }
  const elements = type.fields.map((field) => {
    const given = literal.fields.find((candidate) => candidate.name.text === field.name);
    if (given === undefined) return null;
    if (testAssignment(given.value, field.type, scope) === 'no') {
      throw CqlError.invalidRequest(
        `Invalid user type literal for ${name}: field ${field.name} is not of type ${cqlTypeName(field.type)}`,
        given.value,
      );
    }
    return bindExpression(given.value, { name: `${name}.${field.name}`, type: field.type }, scope);
  });
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

/** `(a, b)`; in a selection `(a)` is `a`, unless a tuple is asked for. */
export function bindTuple(literal: TupleExpression, receiver: Receiver | null, scope: BindScope): TypedExpression {
  if (scope.columns !== null && literal.elements.length === 1 && receiver?.type.kind !== 'tuple') {
    return bindExpression(literal.elements[0], receiver, scope);
  }
  const target = receiver ?? inferred(literal, scope);
  const { type, name } = target;
  if (type.kind !== 'tuple') {
    throw CqlError.invalidRequest(`Invalid tuple type literal for ${name} of type ${cqlTypeName(type)}`, literal);
  }
  const elements = literal.elements.map((part, i) => {
    if (i >= type.elements.length) {
      throw CqlError.invalidRequest(
        `Invalid tuple literal for ${name}: too many elements. Type ${cqlTypeName(type)} expects ${type.elements.length} but got ${literal.elements.length}`,
        literal,
      );
    }
    if (testAssignment(part, type.elements[i], scope) === 'no') {
      throw CqlError.invalidRequest(
        `Invalid tuple literal for ${name}: component ${i} is not of type ${cqlTypeName(type.elements[i])}`,
        part,
      );
    }
    return bindExpression(part, { name: `${name}[${i}]`, type: type.elements[i] }, scope);
  });
  return { kind: 'elements', type, elements };
}

/** In a selection a literal's type may follow from its parts. */
function inferred(literal: Expression, scope: BindScope): Receiver {
  const type =
    exactType(literal, scope) ?? (scope.context.dialect === 'explore' ? compatibleType(literal, scope) : null);
  return type === null ? cannotInfer(literal, scope) : { name: selectableText(literal, scope), type };
}
