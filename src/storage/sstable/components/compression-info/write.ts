import { ByteSink } from '../../../../bytes/index.ts';
import type { CompressionSettings } from '../../write/chunk-compressor.ts';

/**
 * CompressionInfo.db (`io/compress/CompressionMetadata`, versions `na` and later)
 *
 *   utf compressor, i32 options, (utf name, utf value)*
 *   i32 chunk length, i32 maximum compressed length, i64 uncompressed length
 *   i32 chunks, an i64 offset in Data.db for each
 */
export function encodeCompressionInfo(
  settings: CompressionSettings,
  uncompressedBytes: number,
  chunkOffsets: readonly number[],
): Uint8Array {
  const sink = new ByteSink(256 + chunkOffsets.length * 8);
  sink.shortUtf8(settings.compressor);
  sink.i32(settings.options.size);
  for (const [name, value] of settings.options) {
    sink.shortUtf8(name);
    sink.shortUtf8(value);
  }
  sink.i32(settings.chunkBytes);
  sink.i32(settings.maxCompressedBytes);
  sink.i64Number(uncompressedBytes);
  sink.i32(chunkOffsets.length);
  for (const offset of chunkOffsets) sink.i64Number(offset);
  return sink.view();
}
