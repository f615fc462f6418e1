import { toHex } from '../../bytes/index.ts';
import { CorruptionError, CqlError } from '../../errors/index.ts';
import { nativeType, type ScalarFunction } from '../../planner/index.ts';
import { codecOf, NATIVE_TYPE_NAMES, type NativeTypeName } from '../../types/index.ts';
import { renamed, scalar } from './define-function.ts';

/** Every native type to and from blob, under its new and its old name (`BytesConversionFcts`, 5.0.8). */
export function blobConversions(): ScalarFunction[] {
  return TYPES.flatMap(([shown, type]) => {
    const toBlob = scalar({
      name: `${shown}_as_blob`,
      argumentTypes: [type],
      returnType: 'blob',
      evaluate: ([bytes]) => bytes,
    });
    const name = `blob_as_${shown}`;
    const legacyName = `blobas${shown}`;
    return [toBlob, renamed(toBlob, `${shown}asblob`), fromBlob(name, type, shown), fromBlob(legacyName, type, shown)];
  });
}

/** `varchar` has functions of its own beside those of `text`. */
const TYPES: readonly (readonly [shown: string, type: NativeTypeName])[] = [
  ...NATIVE_TYPE_NAMES.filter((name) => name !== 'blob' && name !== 'empty').map((name) => [name, name] as const),
  ['varchar', 'text'],
];

function fromBlob(name: string, type: NativeTypeName, shown: string): ScalarFunction {
  const codec = codecOf(nativeType(type === 'counter' ? 'bigint' : type));
  return scalar({
    name,
    argumentTypes: ['blob'],
    returnType: type,
    evaluate: ([bytes]) => {
      if (bytes === null) return null;
      try {
        codec.validate(bytes, 0, bytes.length);
      } catch (error) {
        if (!(error instanceof CorruptionError)) throw error;
        throw CqlError.invalidRequest(
          `In call to function system.${name}, value 0x${toHex(bytes)} is not a valid binary representation for type ${shown}`,
        );
      }
      return bytes;
    },
  });
}
