import { fromHex, toHex } from '../bytes/index.ts';
import { CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { javaClassName, javaText } from './json.ts';
import { ScalarCodec } from './scalar-codec.ts';

/** blob, for which all bytes are legal. `decode` copies, so that the value outlives the block that it was read from. */
class BlobCodec extends ScalarCodec {
  constructor() {
    super('blob', -1, true);
  }

  /** All bytes are legal. */
  validate(): void {}

  decode(bytes: Uint8Array, start: number, end: number): Buffer {
    return Buffer.from(bytes.subarray(start, end));
  }

  encode(value: CqlValue): Uint8Array {
    if (!(value instanceof Uint8Array)) this.reject('a Buffer or Uint8Array', value);
    return value;
  }

  /** Hex digits, without `0x`. */
  fromString(text: string): Uint8Array {
    return hexBytes(text);
  }

  fromJson(value: JsonValue): Uint8Array {
    return blobFromJson(value);
  }

  override toJson(bytes: Uint8Array, start: number, end: number): string {
    return `"0x${toHex(bytes, start, end)}"`;
  }

  override toLiteral(bytes: Uint8Array, start: number, end: number): string {
    return `0x${toHex(bytes, start, end)}`;
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    return toHex(bytes, start, end);
  }
}

export function hexBytes(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === null) throw CqlError.invalidRequest(`cannot parse '${text}' as hex bytes`);
  return bytes;
}

export function blobFromJson(value: JsonValue): Uint8Array {
  const problem = blobProblem(value);
  if (problem !== null) {
    throw CqlError.invalidRequest(`Value '${javaText(value)}' is not a valid blob representation: ${problem}`);
  }
  return hexBytes(String(value).slice(2));
}

const PACKAGES: Readonly<Record<string, string>> = {
  ArrayList: 'java.util',
  LinkedHashMap: 'java.util',
  BigInteger: 'java.math',
};

function blobProblem(value: JsonValue): string | null {
  if (typeof value !== 'string') {
    const className = javaClassName(value);
    const whole = `${PACKAGES[className] ?? 'java.lang'}.${className}`;
    return (
      `class ${whole} cannot be cast to class java.lang.String ` +
      `(${whole} and java.lang.String are in module java.base of loader 'bootstrap')`
    );
  }
  if (!value.startsWith('0x')) return `String representation of blob is missing 0x prefix: ${value}`;
  return fromHex(value.slice(2)) === null ? `cannot parse '${value.slice(2)}' as hex bytes` : null;
}

export const blobCodec = new BlobCodec();
