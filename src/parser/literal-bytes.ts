import { CqlError } from '../errors/index.ts';
import {
  type CqlType,
  codecOf,
  freezeType,
  packCollection,
  packValues,
  sortedUnique,
  type UserType,
} from '../types/index.ts';
import type { Expression, Literal } from './ast/index.ts';

/** What is a constant of a type, and what is to be said of all else, is for the caller to decide. */
export interface LiteralRules {
  /** Null for NULL. Throws a CqlError when the constant is none of the type. */
  constant(literal: Literal, type: CqlType): Uint8Array | null;
  /** For an expression that is no literal of the type: throws, or has a meaning of its own for it. */
  otherwise(expression: Expression, type: CqlType): Uint8Array | null;
  /** For a field that a literal gives and the user type has not. */
  unknownField(name: string, type: UserType): void;
}

/**
 * The serialized value of a literal: a constant, `[1, 2]`, `{1, 2}`, `{'a': 1}`, `{street: 'x'}` or `(1, 'a')`. Sets and
 * maps are sorted, a later entry takes the place of an earlier one with the same key, and fields that a user type's
 * literal leaves out are null. Throws a CqlError for NULL in a collection, and as the rules do.
 */
export function literalBytes(expression: Expression, type: CqlType, rules: LiteralRules): Uint8Array | null {
  if (expression.kind === 'literal') return rules.constant(expression, type);
  const present = (part: Expression, partType: CqlType): Uint8Array => {
    const bytes = literalBytes(part, freezeType(partType), rules);
    if (bytes === null) throw CqlError.invalidRequest('null is not supported inside collections', part);
    return bytes;
  };
  switch (type.kind) {
    case 'list': {
      if (expression.kind !== 'list') break;
      const elements = expression.elements.map((element) => present(element, type.element));
      return packCollection(elements.length, elements);
    }
    case 'set': {
      if (expression.kind !== 'set') break;
      const elements = expression.elements.map((element) => present(element, type.element));
      const sorted = sortedUnique(codecOf(type.element), elements, (element) => element);
      return packCollection(sorted.length, sorted);
    }
    case 'map': {
      if (isEmptyBraces(expression)) return packCollection(0, []);
      if (expression.kind !== 'map') break;
      const entries = expression.entries.map(
        ({ key, value }) => [present(key, type.key), present(value, type.value)] as const,
      );
      const sorted = sortedUnique(codecOf(type.key), entries, ([key]) => key);
      return packCollection(sorted.length, sorted.flat());
    }
    case 'tuple':
      if (expression.kind !== 'tuple' || expression.elements.length > type.elements.length) break;
      return packValues(expression.elements.map((element, i) => literalBytes(element, type.elements[i], rules)));
    case 'udt': {
      if (expression.kind !== 'udt') break;
      const given = new Map(expression.fields.map(({ name, value }) => [name.text, value]));
      const values = type.fields.map((field) => {
        const value = given.get(field.name);
        given.delete(field.name);
        return value === undefined ? null : literalBytes(value, field.type, rules);
      });
      for (const name of given.keys()) rules.unknownField(name, type);
      return packValues(values);
    }
    case 'vector': {
      if (expression.kind !== 'list') break;
      const element = codecOf(type.element);
      const values = expression.elements.map((part) => {
        const bytes = present(part, type.element);
        return element.decode(bytes, 0, bytes.length);
      });
      return codecOf(type).encode(values);
    }
  }
  return rules.otherwise(expression, type);
}

/** `{}`, which is a map or a set. */
export function isEmptyBraces(expression: Expression): boolean {
  return expression.kind === 'set' && expression.elements.length === 0;
}
