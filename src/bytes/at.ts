/**
 * Big-endian numbers at an offset, for hot code that has a range already checked and wants no cursor. Reading past the
 * array gives garbage: check lengths first.
 */
const scratch = new ArrayBuffer(8);
const scratchBytes = new Uint8Array(scratch);
const scratchView = new DataView(scratch);

export function uint16At(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

export function int16At(bytes: Uint8Array, at: number): number {
  return (uint16At(bytes, at) << 16) >> 16;
}

export function int32At(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}

export function uint32LittleEndianAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
}

export function int64BigIntAt(bytes: Uint8Array, at: number): bigint {
  return (BigInt(int32At(bytes, at)) << 32n) | BigInt(int32At(bytes, at + 4) >>> 0);
}

export function float32At(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 4; i++) scratchBytes[i] = bytes[at + i];
  return scratchView.getFloat32(0);
}

export function float64At(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 8; i++) scratchBytes[i] = bytes[at + i];
  return scratchView.getFloat64(0);
}

/** UTF-8 text of a range; malformed bytes become U+FFFD. */
export function utf8At(bytes: Uint8Array, start: number, end: number): string {
  if (start === end) return '';
  if (Buffer.isBuffer(bytes)) return bytes.toString('utf8', start, end);
  // A third of the time of a Buffer over the bytes, which would have to be made.
  return decoder.decode(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
