import { EMPTY_BYTES, int32At } from '../bytes/index.ts';
import { CqlError } from '../errors/index.ts';
import type { CqlValue, JsonValue } from './codec.ts';
import { integerOf } from './integers.ts';
import { javaText } from './json.ts';
import { ScalarCodec } from './scalar-codec.ts';

/** varint: big-endian two's complement of any length. Longer forms than needed are legal and compare as equal. */
class VarintCodec extends ScalarCodec {
  constructor() {
    super('varint', -1, false);
  }

  override compare(a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
    return compareVarints(a, aStart, aEnd, b, bStart, bEnd);
  }

  /** All bytes are legal. */
  validate(): void {}

  decode(bytes: Uint8Array, start: number, end: number): bigint | null {
    return start === end ? null : varintAt(bytes, start, end);
  }

  encode(value: CqlValue): Uint8Array {
    const integer = typeof value === 'string' ? parseVarint(value) : integerOf(value);
    if (integer === null) this.reject('a bigint, or a safe integer', value);
    return varintBytes(integer);
  }

  fromString(text: string): Uint8Array {
    if (text === '') return EMPTY_BYTES;
    const value = parseVarint(text);
    if (value === null) throw CqlError.invalidRequest(`unable to make int from '${text}'`);
    return varintBytes(value);
  }

  fromJson(value: JsonValue): Uint8Array {
    const text = javaText(value);
    const integer = parseVarint(text);
    if (integer === null) {
      throw CqlError.invalidRequest(`Value '${text}' is not a valid representation of a varint value`);
    }
    return varintBytes(integer);
  }

  override toLiteral(bytes: Uint8Array, start: number, end: number): string {
    return isShortest(bytes, start, end) ? this.text(bytes, start, end) : this.bytesLiteral(bytes, start, end);
  }

  protected text(bytes: Uint8Array, start: number, end: number): string {
    return start === end ? '' : varintAt(bytes, start, end).toString();
  }
}

export function varintAt(bytes: Uint8Array, start: number, end: number): bigint {
  const length = end - start;
  if (length <= 4) {
    let value = (bytes[start] << 24) >> 24;
    for (let at = start + 1; at < end; at++) value = (value << 8) | bytes[at];
    return BigInt(value);
  }
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('hex');
  return BigInt.asIntN(length * 8, BigInt(`0x${hex}`));
}

/** The shortest two's complement, as `BigInteger.toByteArray`. */
export function varintBytes(value: bigint): Uint8Array {
  const magnitude = value < 0n ? -value - 1n : value;
  const bits = magnitude === 0n ? 0 : magnitude.toString(16).length * 4;
  let length = (bits >> 3) + 1;
  if (length > 1 && BigInt.asIntN((length - 1) * 8, value) === value) length--;
  const hex = BigInt.asUintN(length * 8, value).toString(16);
  return Buffer.from(hex.padStart(length * 2, '0'), 'hex');
}

export function isShortest(bytes: Uint8Array, start: number, end: number): boolean {
  return end > start && shortestVarintStart(bytes, start, end) === start;
}

/** Where the bytes begin that say all: those before only repeat the sign. */
export function shortestVarintStart(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (end - at > 1 && bytes[at] === (bytes[at + 1] < 0x80 ? 0 : 0xff)) at++;
  return at;
}

/** Java's `new BigInteger(text)`; null when it would throw. */
function parseVarint(text: string): bigint | null {
  return /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : null;
}

function compareVarints(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  if (aStart === aEnd) return bStart === bEnd ? 0 : -1;
  if (bStart === bEnd) return 1;
  if (aEnd - aStart === 4 && bEnd - bStart === 4) return int32At(a, aStart) - int32At(b, bStart);
  const aSign = a[aStart] >> 7;
  const bSign = b[bStart] >> 7;
  if (aSign !== bSign) return bSign - aSign;
  const padding = aSign === 0 ? 0 : 0xff;
  let aAt = aStart;
  let bAt = bStart;
  while (aAt < aEnd && a[aAt] === padding) aAt++;
  while (bAt < bEnd && b[bAt] === padding) bAt++;
  const aLength = aEnd - aAt;
  const bLength = bEnd - bAt;
  if (aLength !== bLength) return aSign === 0 ? aLength - bLength : bLength - aLength;
  for (; aAt < aEnd; aAt++, bAt++) {
    if (a[aAt] !== b[bAt]) return a[aAt] - b[bAt];
  }
  return 0;
}

export const varintCodec = new VarintCodec();
