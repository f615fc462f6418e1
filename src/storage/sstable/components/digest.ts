import { CorruptionError } from '../../../errors/index.ts';

/** Digest.crc32: the CRC32 of the whole Data.db file as decimal digits. */
export function parseDigest(bytes: Uint8Array, file: string): number {
  const text = Buffer.from(bytes).toString('latin1').trim();
  const value = Number(text);
  if (!/^\d{1,10}$/.test(text) || value > 0xffffffff) {
    throw new CorruptionError('not the decimal digits of a CRC32', { file, offset: 0 });
  }
  return value;
}
