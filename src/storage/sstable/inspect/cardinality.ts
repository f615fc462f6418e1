import { ByteCursor } from '../../../bytes/index.ts';
import { BIAS_OF_RAW_ESTIMATE } from './cardinality-bias.ts';

const VERSION = -2;
const FORMAT_NORMAL = 0;
const REGISTERS_PER_WORD = 6;
const MAX_PRECISION = 25;
const PRECISION = 13;
/** Below this, zeros are counted: from there on the estimate is better. */
const LINEAR_BELOW = 6500;
const NEIGHBOURS = 6;

/**
 * How many distinct keys a serialized HyperLogLogPlus counts, as stream-lib 2.5.2 has it (the layout stands where it is
 * written, in `components/statistics/cardinality.ts`). The bias table is that of precision 13, the only one that Cassandra
 * writes; others are estimated without. Null when the bytes are of another version.
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
  const raw = ((0.7213 / (1 + 1.079 / registers)) * registers * registers) / sum;
  const estimate = precision === PRECISION && raw <= 5 * registers ? raw - biasOf(raw) : raw;
  const byZeros = zeros > 0 ? linearCount(registers, registers - zeros) : estimate;
  const threshold = precision === PRECISION ? LINEAR_BELOW : 2.5 * registers;
  return Math.round(byZeros < threshold ? byZeros : estimate);
}

/** The mean of the six entries whose raw estimates are the nearest. */
function biasOf(raw: number): number {
  const count = BIAS_OF_RAW_ESTIMATE.length / 2;
  let from = 0;
  // The six nearest stand together: the window moves while what comes in is nearer than what goes out.
  while (from + NEIGHBOURS < count && distance(raw, from + NEIGHBOURS) < distance(raw, from)) from++;
  let sum = 0;
  for (let i = from; i < from + NEIGHBOURS; i++) sum += BIAS_OF_RAW_ESTIMATE[2 * i + 1];
  return sum / NEIGHBOURS;
}

function distance(raw: number, entry: number): number {
  return Math.abs(raw - BIAS_OF_RAW_ESTIMATE[2 * entry]);
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
