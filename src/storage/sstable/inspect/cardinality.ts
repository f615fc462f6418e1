import { ByteCursor } from '../../../bytes/index.ts';

const VERSION = -2;
const FORMAT_NORMAL = 0;
const REGISTERS_PER_WORD = 6;
const MAX_PRECISION = 25;

/**
 * How many distinct keys a serialized HyperLogLogPlus counts (stream-lib 2.5.2; the layout stands where it is written, in
 * `components/statistics/cardinality.ts`). Sparse lists are counted linearly, as there. Registers give the plain
 * HyperLogLog estimate without stream-lib's table of bias corrections, which is off by up to a few percent below five
 * keys a register. Null when the bytes are of another version.
 */
export function estimatedCardinality(bytes: Uint8Array): number | null {
  const cursor = new ByteCursor(bytes);
  if (cursor.i32() !== VERSION) return null;
  const precision = varint(cursor);
  const sparsePrecision = varint(cursor);
  if (precision < 4 || precision > MAX_PRECISION || sparsePrecision > 32) cursor.fail(`a precision of ${precision}`);
  if (varint(cursor) !== FORMAT_NORMAL) return Math.round(linearCount(2 ** sparsePrecision, varint(cursor)));
  const registers = 2 ** precision;
  const wordBytes = varint(cursor);
  if (wordBytes > cursor.remaining || wordBytes < Math.ceil(registers / REGISTERS_PER_WORD) * 4) {
    cursor.fail(`${wordBytes} bytes of registers`);
  }
  let sum = 0;
  let zeros = 0;
  let word = 0;
  for (let i = 0; i < registers; i++) {
    if (i % REGISTERS_PER_WORD === 0) word = cursor.i32();
    const value = (word >>> (5 * (i % REGISTERS_PER_WORD))) & 0x1f;
    sum += 2 ** -value;
    if (value === 0) zeros++;
  }
  const estimate = ((0.7213 / (1 + 1.079 / registers)) * registers * registers) / sum;
  const isSmall = zeros > 0 && linearCount(registers, registers - zeros) <= 2.5 * registers;
  return Math.round(isSmall ? linearCount(registers, registers - zeros) : estimate);
}

/** Distinct values when `used` of `slots` equally likely slots were hit. */
function linearCount(slots: number, used: number): number {
  return slots * Math.log(slots / (slots - used));
}

/** Low bits first. */
function varint(cursor: ByteCursor): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = cursor.u8();
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  return cursor.fail('a varint of more than five bytes');
}
