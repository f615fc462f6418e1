import { ByteCursor } from '../../../../bytes/index.ts';

/**
 * CRC.db, the checksums of an uncompressed Data.db (`io/util/DataIntegrityMetadata.ChecksumValidator`, 5.0.8)
 *
 *   i32 chunk length, then an i32 CRC32 for each chunk
 */
export interface ChunkChecksums {
  readonly chunkBytes: number;
  readonly checksums: Uint32Array;
}

const MAX_CHUNK_BYTES = 64 * 1024 * 1024;

export function readChunkChecksums(bytes: Uint8Array, file: string): ChunkChecksums {
  const cursor = new ByteCursor(bytes, 0, bytes.length, file);
  const chunkBytes = cursor.i32();
  if (chunkBytes <= 0 || chunkBytes > MAX_CHUNK_BYTES) cursor.fail(`chunks of ${chunkBytes} bytes`);
  if (cursor.remaining % 4 !== 0) cursor.fail(`${cursor.remaining} bytes of checksums`);
  const checksums = new Uint32Array(cursor.remaining / 4);
  for (let i = 0; i < checksums.length; i++) checksums[i] = cursor.u32();
  return { chunkBytes, checksums };
}
