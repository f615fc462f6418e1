import { fromHex } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import type { Literal } from '../../parser/ast/index.ts';
import { CONSTANT_TYPES, type CqlType, codecOf, cqlTypeName, Decimal, type NativeTypeName } from '../../types/index.ts';
import type { Assignability } from '../types/assignability.ts';
import { nativeType } from '../types/native-types.ts';

/** Where a value goes (a column, an argument, an element): the type wanted, and a name for messages. */
export interface Receiver {
  readonly name: string;
  readonly type: CqlType;
  /** A clustering column with descending order: see `isOpaque`. */
  readonly reversed?: boolean;
}

type ConstantKind = 'STRING' | 'INTEGER' | 'FLOAT' | 'BOOLEAN' | 'UUID' | 'HEX' | 'DURATION';

const KIND: Readonly<Record<Exclude<Literal['type'], 'null'>, ConstantKind>> = {
  string: 'STRING',
  integer: 'INTEGER',
  float: 'FLOAT',
  special: 'FLOAT',
  boolean: 'BOOLEAN',
  uuid: 'UUID',
  hex: 'HEX',
  duration: 'DURATION',
};

export function literalAssignability(literal: Literal, type: CqlType): Assignability {
  if (literal.type === 'null') return isCounter(type) ? 'no' : 'weak';
  // Values of custom types go unchecked, and so do those of tuples.
  if (type.kind === 'custom' || type.kind === 'tuple') return 'weak';
  if (type.kind !== 'native') return 'no';
  if (preferredType(literal) === type.name) return 'exact';
  return CONSTANT_TYPES[literal.type].includes(type.name) ? 'weak' : 'no';
}

/** The type that a constant has when nothing else tells (`Constants.Type.getPreferedTypeFor`). */
export function preferredType({ type, text }: Literal): NativeTypeName | null {
  switch (type) {
    case 'string':
      return /^[\x00-\x7f]*$/.test(text) ? 'ascii' : 'text';
    case 'integer': {
      const value = BigInt(text.replace(/^\+/, ''));
      if (BigInt.asIntN(32, value) === value) return 'int';
      return BigInt.asIntN(64, value) === value ? 'bigint' : 'varint';
    }
    case 'float':
      return isExactDouble(text) ? 'double' : 'decimal';
    case 'special':
      return 'double';
    case 'boolean':
      return 'boolean';
    case 'uuid':
      return text[14] === '1' ? 'timeuuid' : 'uuid';
    case 'hex':
      return 'tinyint';
    case 'duration':
      return 'duration';
    case 'null':
      return null;
  }
}

/** The bytes of a constant for its receiver; null for NULL. Throws with Cassandra's message when it does not fit. */
export function literalBytes(literal: Literal, receiver: Receiver): Uint8Array | null {
  if (!fits(literal, receiver.type)) {
    if (literal.type === 'null') {
      throw CqlError.invalidRequest('Invalid null value for counter increment/decrement', literal);
    }
    throw CqlError.invalidRequest(
      `Invalid ${KIND[literal.type]} constant (${literal.text}) for "${receiver.name}" of type ${cqlTypeName(receiver.type)}`,
      { position: literal.position, suggestion: rewritten(literal, receiver.type) },
    );
  }
  if (literal.type === 'null') return null;
  if (literal.type === 'hex') return hexBytes(literal.text);
  const type = isCounter(receiver.type) ? nativeType('bigint') : receiver.type;
  return codecOf(type).fromString(literal.text);
}

/** How the constant is written for its receiver: with quotes, or without. */
function rewritten({ type, text }: Literal, receiver: CqlType): string | undefined {
  if (receiver.kind !== 'native' || type === 'null') return undefined;
  if (type !== 'string') return CONSTANT_TYPES.string.includes(receiver.name) ? `write '${text}'` : undefined;
  if (receiver.name === 'blob' && !text.startsWith('0x')) return `write text_as_blob('${text.replaceAll("'", "''")}')`;
  try {
    codecOf(receiver).fromString(text);
    return `write ${text}, without quotes`;
  } catch {
    return undefined;
  }
}

/** Whether a literal can be assigned at all. Cheaper than `literalAssignability`, which also looks at its digits. */
function fits(literal: Literal, type: CqlType): boolean {
  if (literal.type !== 'null' && type.kind === 'native' && CONSTANT_TYPES[literal.type].includes(type.name))
    return true;
  return literalAssignability(literal, type) !== 'no';
}

function hexBytes(text: string): Uint8Array {
  const digits = text.slice(2);
  const bytes = fromHex(digits);
  if (bytes === null) throw CqlError.invalidRequest(`cannot parse '${digits}' as hex bytes`);
  return bytes;
}

function isExactDouble(text: string): boolean {
  const written = Decimal.parse(text);
  const double = Number(text);
  return written !== null && Number.isFinite(double) && written.compareTo(Decimal.from(double)) === 0;
}

function isCounter(type: CqlType): boolean {
  return type.kind === 'native' && type.name === 'counter';
}
