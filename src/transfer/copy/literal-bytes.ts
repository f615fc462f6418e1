import { EMPTY_BYTES } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import type { Expression } from '../../parser/ast/index.ts';
import { parseExpression } from '../../parser/index.ts';
import {
  type CqlType,
  codecOf,
  cqlTypeName,
  freezeType,
  packCollection,
  packValues,
  sortedUnique,
} from '../../types/index.ts';

/**
 * Bytes of a CQL literal as files hold them: `[1, 2]`, `{'a': 1}`, `{street: 'x'}`, `(1, 'a')`. Throws CqlError when the
 * text is no literal of the type. Vectors go through their list's values and the codec.
 */
export function literalBytes(text: string, type: CqlType): Uint8Array | null {
  return bytesOf(parseExpression(text), type);
}

function bytesOf(expression: Expression, type: CqlType): Uint8Array | null {
  if (expression.kind === 'literal') {
    if (expression.type === 'null') return null;
    if (expression.type === 'hex' && type.kind === 'native' && type.name === 'blob') {
      return codecOf(type).fromString(expression.text.slice(2));
    }
    if (expression.type === 'hex' && expression.text.length === 2) return emptyValue(type);
    return codecOf(type).fromString(expression.text);
  }
  switch (type.kind) {
    case 'list':
      if (expression.kind !== 'list') return mismatch(expression, type);
      return packCollection(
        expression.elements.length,
        expression.elements.map((element) => present(element, type.element)),
      );
    case 'set': {
      if (expression.kind !== 'set') return mismatch(expression, type);
      const elements = expression.elements.map((element) => present(element, type.element));
      const sorted = sortedUnique(codecOf(type.element), elements, (element) => element);
      return packCollection(sorted.length, sorted);
    }
    case 'map': {
      if (expression.kind === 'set' && expression.elements.length === 0) return packCollection(0, []);
      if (expression.kind !== 'map') return mismatch(expression, type);
      const entries = expression.entries.map(
        (entry) => [present(entry.key, type.key), present(entry.value, type.value)] as const,
      );
      const sorted = sortedUnique(codecOf(type.key), entries, ([key]) => key);
      return packCollection(sorted.length, sorted.flat());
    }
    case 'tuple':
      if (expression.kind !== 'tuple' || expression.elements.length > type.elements.length) {
        return mismatch(expression, type);
      }
      return packValues(expression.elements.map((element, i) => bytesOf(element, type.elements[i])));
    case 'udt': {
      if (expression.kind === 'set' && expression.elements.length === 0) return packValues(type.fields.map(() => null));
      if (expression.kind !== 'udt') return mismatch(expression, type);
      const given = new Map(expression.fields.map((field) => [field.name.text, field.value]));
      return packValues(
        type.fields.map((field) => {
          const value = given.get(field.name);
          return value === undefined ? null : bytesOf(value, field.type);
        }),
      );
    }
    case 'vector': {
      if (expression.kind !== 'list') return mismatch(expression, type);
      const codec = codecOf(type.element);
      const values = expression.elements.map((element) => {
        const bytes = present(element, type.element);
        return codec.decode(bytes, 0, bytes.length);
      });
      return codecOf(type).encode(values);
    }
    default:
      return mismatch(expression, type);
  }
}

/** `0x`: a value without bytes. Throws a CorruptionError where the type has none. */
export function emptyValue(type: CqlType): Uint8Array {
  codecOf(type).validate(EMPTY_BYTES, 0, 0);
  return EMPTY_BYTES;
}

function present(expression: Expression, type: CqlType): Uint8Array {
  const bytes = bytesOf(expression, freezeType(type));
  if (bytes === null) throw CqlError.invalidRequest('null is not supported inside collections', expression);
  return bytes;
}

function mismatch(expression: Expression, type: CqlType): never {
  throw CqlError.invalidRequest(`not a literal of type ${cqlTypeName(type)}`, expression);
}
