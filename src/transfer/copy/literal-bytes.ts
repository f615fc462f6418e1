import { EMPTY_BYTES } from '../../bytes/index.ts';
import { CqlError } from '../../errors/index.ts';
import { isEmptyBraces, type LiteralRules, literalBytes, parseExpression } from '../../parser/index.ts';
import { type CqlType, codecOf, cqlTypeName, packValues } from '../../types/index.ts';

/** Bytes of a CQL literal as files hold them. Throws a CqlError when the text is no literal of the type. */
export function textLiteralBytes(text: string, type: CqlType): Uint8Array | null {
  return literalBytes(parseExpression(text), type, FILE_RULES);
}

/** As cqlsh reads files: a constant is the text of a value, whatever its form, and fields that are not known are passed over. */
const FILE_RULES: LiteralRules = {
  constant(literal, type) {
    if (literal.type === 'null') return null;
    if (literal.type === 'hex' && type.kind === 'native' && type.name === 'blob') {
      return codecOf(type).fromString(literal.text.slice(2));
    }
    if (literal.type === 'hex' && literal.text.length === 2) return emptyValue(type);
    return codecOf(type).fromString(literal.text);
  },
  otherwise(expression, type) {
    if (type.kind === 'udt' && isEmptyBraces(expression)) return packValues(type.fields.map(() => null));
    throw CqlError.invalidRequest(`not a literal of type ${cqlTypeName(type)}`, expression);
  },
  unknownField() {},
};

/** `0x`: a value without bytes. Throws a CorruptionError where the type has none. */
export function emptyValue(type: CqlType): Uint8Array {
  codecOf(type).validate(EMPTY_BYTES, 0, 0);
  return EMPTY_BYTES;
}
