import { fromHex } from '../../bytes/index.ts';
import type { Expression, Literal, LiteralType } from '../../parser/ast/index.ts';
import { CONSTANT_TYPES, type CqlType, type CqlValue, codecOf, cqlTypeName } from '../../types/index.ts';
import { invalid } from './refusal.ts';

/**
 * Bytes of a literal of that type (`Terms.asBytes`, 5.0.8): INITCOND of aggregates and arguments of masks. `receiver` is
 * the name that messages give to where the value goes.
 */
export function literalBytes(expression: Expression, type: CqlType, receiver = '(dummy)'): Uint8Array | null {
  if (expression.kind === 'literal') return constantBytes(expression, type, receiver);
  return codecOf(type).encode(literalValue(expression, type, receiver));
}

/** The expression as CQL text, for messages (`Term.Raw.getText`). */
export function literalText(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return expression.type === 'string' ? `'${expression.text}'` : expression.text;
    case 'list':
      return `[${expression.elements.map(literalText).join(', ')}]`;
    case 'set':
      return `{${expression.elements.map(literalText).join(', ')}}`;
    case 'tuple':
      return `(${expression.elements.map(literalText).join(', ')})`;
    case 'map':
      return `{${expression.entries.map((e) => `${literalText(e.key)}: ${literalText(e.value)}`).join(', ')}}`;
    case 'udt':
      return `{${expression.fields.map((f) => `${f.name.text}: ${literalText(f.value)}`).join(', ')}}`;
    case 'bindMarker':
      return expression.name === undefined ? '?' : `:${expression.name.text}`;
    case 'column':
      return expression.name.text;
    case 'call':
      return `${expression.name.name.text}(${expression.arguments.map(literalText).join(', ')})`;
    default:
      return '?';
  }
}

function literalValue(expression: Expression, type: CqlType, receiver: string): CqlValue {
  const value = (part: Expression, partType: CqlType): CqlValue => literalValue(part, partType, receiver);
  switch (expression.kind) {
    case 'literal': {
      const bytes = constantBytes(expression, type, receiver);
      return bytes === null ? null : codecOf(type).decode(bytes, 0, bytes.length);
    }
    case 'list':
      if (type.kind === 'list' || type.kind === 'vector') {
        return expression.elements.map((part) => value(part, type.element));
      }
      throw refused('list', receiver, type);
    case 'set':
      if (type.kind === 'set') return new Set(expression.elements.map((part) => value(part, type.element)));
      if (type.kind === 'map' && expression.elements.length === 0) return new Map();
      throw refused('set', receiver, type);
    case 'map':
      if (type.kind === 'map') {
        return new Map(expression.entries.map((e) => [value(e.key, type.key), value(e.value, type.value)]));
      }
      throw refused('map', receiver, type);
    case 'tuple':
      if (type.kind === 'tuple') return tupleValue(expression.elements, type.elements, receiver);
      throw refused('tuple', receiver, type);
    case 'udt':
      if (type.kind !== 'udt') throw refused('user type', receiver, type);
      return Object.fromEntries(
        expression.fields.map(({ name, value: part }) => {
          const field = type.fields.find((each) => each.name === name.text);
          if (field === undefined) {
            throw invalid(`Unknown field '${name.text}' in value of user defined type ${type.name}`);
          }
          return [name.text, value(part, field.type)];
        }),
      );
    default:
      throw invalid(`Invalid value ${literalText(expression)} for ${receiver}: a constant is expected`);
  }
}

function tupleValue(parts: readonly Expression[], types: readonly CqlType[], receiver: string): CqlValue {
  if (parts.length > types.length) {
    throw invalid(
      `Invalid tuple literal for ${receiver}: too many elements. Type expects ${types.length} but got ${parts.length}`,
    );
  }
  return parts.map((part, i) => literalValue(part, types[i], receiver));
}

function constantBytes(literal: Literal, type: CqlType, receiver: string): Uint8Array | null {
  if (literal.type === 'null') return null;
  if (!isAssignable(literal.type, type)) {
    throw invalid(
      `Invalid ${constantKind(literal.type)} constant (${literal.text}) for "${receiver}" of type ${cqlTypeName(type)}`,
      { position: literal.position },
    );
  }
  const hex = literal.type === 'hex' ? fromHex(literal.text.slice(2)) : null;
  return hex ?? codecOf(type).fromString(literal.text);
}

function constantKind(type: LiteralType): string {
  return type === 'special' ? 'FLOAT' : type.toUpperCase();
}

/** `Constants.Literal.testAssignment` */
export function isAssignable(literal: LiteralType, type: CqlType): boolean {
  if (literal === 'null') return true;
  if (type.kind === 'custom') return true;
  if (type.kind !== 'native') return false;
  return CONSTANT_TYPES[literal].includes(type.name);
}

function refused(what: string, receiver: string, type: CqlType): Error {
  return invalid(`Invalid ${what} literal for ${receiver} of type ${cqlTypeName(type)}`);
}
