const HEX = /^(?:[0-9a-fA-F]{2})*$/;
/** Node makes longer texts outside of V8's heap, and the garbage collector is late to see them. */
const PIECE_BYTES = 32 * 1024;

export function toHex(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  if (buffer.length <= PIECE_BYTES) return buffer.toString('hex');
  let text = '';
  for (let i = 0; i < buffer.length; i += PIECE_BYTES) text += buffer.toString('hex', i, i + PIECE_BYTES);
  return text;
}

/** Bytes of an even number of hex digits; null for any other text. */
export function fromHex(text: string): Buffer | null {
  return HEX.test(text) ? Buffer.from(text, 'hex') : null;
}
