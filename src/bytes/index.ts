/** Bytes and the numbers in them: one cursor to read, one sink to write, 64-bit values as pairs of 32-bit integers. */
export { float32At, float64At, int16At, int32At, int64BigIntAt, uint16At, uint32LittleEndianAt, utf8At } from './at.ts';
export { ByteCursor } from './byte-cursor.ts';
export { ByteSink } from './byte-sink.ts';
export { compareUnsigned, EMPTY_BYTES, equalBytes } from './compare.ts';
export { crc32Of } from './crc32.ts';
export { fromHex, toHex } from './hex.ts';
export * as int64 from './int64.ts';
export { murmur2Into } from './murmur2.ts';
export { MINIMUM_TOKEN, murmur3, murmur3Token, murmur3TokenInto, type Token } from './murmur3.ts';
