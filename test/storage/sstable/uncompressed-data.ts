import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';
import { ByteCursor } from '../../../src/bytes/index.ts';
import type { FileSystem } from '../../../src/storage/files/file-system.ts';
import { nodeFileSystem } from '../../../src/storage/files/node-file-system.ts';

const load = createRequire(import.meta.url);

/** All of a file's uncompressed data, without the reader under test elsewhere. */
export function uncompressedData(dataPath: string, files: FileSystem = nodeFileSystem): Buffer {
  const data = files.readFileSync(dataPath);
  const infoPath = dataPath.replace('-Data.db', '-CompressionInfo.db');
  if (!files.exists(infoPath)) return data;
  const info = files.readFileSync(infoPath);
  const cursor = new ByteCursor(info);
  const compressor = cursor.shortUtf8();
  for (let options = cursor.i32() * 2; options > 0; options--) cursor.shortUtf8();
  cursor.skip(4);
  const maxCompressed = cursor.i32();
  const length = cursor.i64Number();
  const offsets = Array.from({ length: cursor.i32() }, () => cursor.i64Number());
  const chunks = offsets.map((offset, i) => {
    const chunk = data.subarray(offset, (offsets[i + 1] ?? data.length) - 4);
    if (chunk.length >= maxCompressed) return chunk;
    if (compressor === 'LZ4Compressor') return load('lz4-napi').uncompressSync(chunk) as Buffer;
    if (compressor === 'SnappyCompressor') return load('snappy').uncompressSync(chunk) as Buffer;
    if (compressor === 'DeflateCompressor') return inflateSync(chunk);
    if (compressor === 'ZstdCompressor') return Buffer.from(load('fzstd').decompress(chunk) as Uint8Array);
    return chunk;
  });
  return Buffer.concat(chunks).subarray(0, length);
}
