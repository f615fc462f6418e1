import { ByteCursor } from '../../../../bytes/index.ts';
import type { SSTableVersion } from '../../sstable-version.ts';

/** How Data.db is cut into compressed chunks; see `write.ts` beside for the layout. */
export interface CompressionInfo {
  /** The class' name: simple, or with its package in old files. */
  readonly compressor: string;
  readonly options: ReadonlyMap<string, string>;
  /** Uncompressed bytes of each chunk but the last. */
  readonly chunkBytes: number;
  /** A chunk that is stored with this length or more is stored uncompressed. */
  readonly maxCompressedBytes: number;
  /** Uncompressed length of Data.db. */
  readonly dataLength: number;
  /** Where each chunk begins in Data.db. */
  readonly chunkOffsets: Float64Array;
}

/** What Cassandra would accept at most (its chunk buffers are powers of two), and far above what is used. */
const MAX_CHUNK_BYTES = 64 * 1024 * 1024;
const NO_MAX_COMPRESSED = 0x7fffffff;
const CRC_BYTES = 4;
const OFFSET_BYTES = 8;

/**
 * Parses CompressionInfo.db; before version `na` it has no maximum compressed length. The offsets are checked to ascend,
 * so that every chunk has a length.
 */
export function readCompressionInfo(bytes: Uint8Array, version: SSTableVersion, file: string): CompressionInfo {
  const cursor = new ByteCursor(bytes, 0, bytes.length, file);
  const compressor = cursor.shortUtf8();
  const optionCount = cursor.i32();
  if (optionCount < 0 || optionCount * 4 > cursor.remaining) cursor.fail(`${optionCount} compression options`);
  const options = new Map<string, string>();
  for (let i = 0; i < optionCount; i++) options.set(cursor.shortUtf8(), cursor.shortUtf8());
  const chunkBytes = cursor.i32();
  if (chunkBytes <= 0 || chunkBytes > MAX_CHUNK_BYTES) cursor.fail(`chunks of ${chunkBytes} bytes`);
  const maxCompressedBytes = version.hasMaxCompressedLength ? cursor.i32() : NO_MAX_COMPRESSED;
  if (maxCompressedBytes <= 0) cursor.fail(`a maximum compressed length of ${maxCompressedBytes}`);
  const dataLength = cursor.i64Number();
  const chunkCount = cursor.i32();
  if (chunkCount < 0 || chunkCount * OFFSET_BYTES > cursor.remaining) cursor.fail(`${chunkCount} chunks`);
  // Compaction may leave an empty chunk at the end.
  if (dataLength < 0 || Math.ceil(dataLength / chunkBytes) > chunkCount) {
    cursor.fail(`${chunkCount} chunks of ${chunkBytes} bytes for ${dataLength} bytes of data`);
  }
  const chunkOffsets = new Float64Array(chunkCount);
  let least = 0;
  for (let i = 0; i < chunkCount; i++) {
    const offset = cursor.i64Number();
    if (offset < least || (i === 0 && offset !== 0)) cursor.fail(`chunk ${i} at ${offset}, after ${least}`);
    chunkOffsets[i] = offset;
    least = offset + CRC_BYTES;
  }
  return { compressor, options, chunkBytes, maxCompressedBytes, dataLength, chunkOffsets };
}
