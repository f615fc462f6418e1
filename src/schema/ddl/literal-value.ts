import { fromHex } from '../../bytes/index.ts';
import type { CqlError } from '../../errors/index.ts';
import type { Expression, Literal, LiteralType } from '../../parser/ast/index.ts';
import { literalBytes as bytesOfLiteral } from '../../parser/literal-bytes.ts';
import { CONSTANT_TYPES, type CqlType, codecOf, cqlTypeName } from '../../types/index.ts';
import { invalid } from './refusal.ts';

/**
 * Bytes of a literal of that type (`Terms.asBytes`, 5.0.8): INITCOND of aggregates and arguments of masks. `receiver` is
 * the name that messages give to where the value goes.
 */
export function literalBytes(expression: Expression, type: CqlType, receiver = '(dummy)'): Uint8Array | null {
  return bytesOfLiteral(expression, type, {
    constant: (literal, literalType) => constantBytes(literal, literalType, receiver),
    otherwise(part, partType) {
      throw refusalOf(part, partType, receiver);
    },
    unknownField(name, userType) {
      throw invalid(`Unknown field '${name}' in value of user defined type ${userType.name}`);
    },
  });
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

/** For an expression that is no literal of the type. */
function refusalOf(expression: Expression, type: CqlType, receiver: string): CqlError {
  switch (expression.kind) {
    case 'tuple':
      if (type.kind === 'tuple') {
        const counts = `Type expects ${type.elements.length} but got ${expression.elements.length}`;
        return invalid(`Invalid tuple literal for ${receiver}: too many elements. ${counts}`);
      }
      return refused('tuple');
    case 'list':
    case 'set':
    case 'map':
      return refused(expression.kind);
    case 'udt':
      return refused('user type');
    default:
      return invalid(`Invalid value ${literalText(expression)} for ${receiver}: a constant is expected`);
  }

  function refused(what: string): CqlError {
    return invalid(`Invalid ${what} literal for ${receiver} of type ${cqlTypeName(type)}`);
  }
}
