import { createRequire } from 'node:module';
import * as zlib from 'node:zlib';
import { CqlError } from '../../../errors/index.ts';
import { lz4Module } from '../compression/lz4-module.ts';

/** Compresses one chunk of Data.db as one of Cassandra's compressors does (`io/compress/*`, 5.0.8). */
export type ChunkCompressor = (chunk: Buffer) => Uint8Array;

/** How a table's chunks are compressed, from its `compression` options. */
export interface CompressionSettings {
  /** The class' simple name, as CompressionInfo.db has it. */
  readonly compressor: string;
  readonly chunkBytes: number;
  /** Chunks that would be this long or longer are stored as they are. */
  readonly maxCompressedBytes: number;
  /** Options of the compressor itself, which CompressionInfo.db repeats. */
  readonly options: ReadonlyMap<string, string>;
}

const DEFAULT_CHUNK_KIB = 16;
const MAX_INT32 = 0x7fffffff;
const OWN_OPTIONS = new Set([
  'class',
  'sstable_compression',
  'enabled',
  'chunk_length_in_kb',
  'chunk_length_kb',
  'chunk_length',
  'min_compress_ratio',
  'max_compressed_length',
  'crc_check_chance',
]);

/** The settings of a table's `compression` option; null when its data is not compressed (`schema/CompressionParams`). */
export function compressionSettings(options: ReadonlyMap<string, string>): CompressionSettings | null {
  const className = options.get('class') ?? options.get('sstable_compression') ?? '';
  if (className === '' || options.get('enabled') === 'false') return null;
  const chunkBytes =
    Number(options.get('chunk_length_in_kb') ?? options.get('chunk_length_kb') ?? DEFAULT_CHUNK_KIB) * 1024;
  const minRatio = Number(options.get('min_compress_ratio') ?? 0);
  const compressor = className.slice(className.lastIndexOf('.') + 1);
  // As Cassandra's own flushes do by default: an SSTable says itself how it is compressed, whatever the table's option.
  const isMissing = compressor === 'ZstdCompressor' && zstdCompressor() === null;
  return {
    compressor: isMissing ? 'LZ4Compressor' : compressor,
    chunkBytes,
    maxCompressedBytes: Math.ceil(Math.min(chunkBytes / minRatio, MAX_INT32)),
    options: new Map(isMissing ? [] : [...options].filter(([name]) => !OWN_OPTIONS.has(name))),
  };
}

/**
 *   LZ4Compressor      i32 little-endian length of the chunk, an LZ4 block
 *   SnappyCompressor   raw Snappy
 *   DeflateCompressor  a zlib stream
 *   ZstdCompressor     a Zstandard frame
 *   NoopCompressor     the bytes themselves
 */
export function chunkCompressor(settings: CompressionSettings): ChunkCompressor {
  switch (settings.compressor) {
    case 'LZ4Compressor':
      return lz4();
    case 'SnappyCompressor':
      return snappy();
    case 'DeflateCompressor':
      return (chunk) => zlib.deflateSync(chunk);
    case 'ZstdCompressor':
      return zstd(Number(settings.options.get('compression_level') ?? 3));
    case 'NoopCompressor':
      return (chunk) => chunk;
    default:
      throw new CqlError('ConfigurationException', `Could not create Compression for type ${settings.compressor}`);
  }
}

// Native modules are loaded when a table needs them: a start without compression pays for none.
const load = createRequire(import.meta.url);

function lz4(): ChunkCompressor {
  return lz4Module().compressSync;
}

function snappy(): ChunkCompressor {
  const module = load('snappy') as { compressSync(data: Buffer): Buffer };
  return (chunk) => module.compressSync(chunk);
}

function zstd(level: number): ChunkCompressor {
  const compress = zstdCompressor();
  if (compress === null) {
    throw new CqlError('ConfigurationException', 'Zstd needs Node 22.15 or the optional package zstd-napi');
  }
  return (chunk) => compress(chunk, level);
}

type ZstdCompressor = (chunk: Buffer, level: number) => Uint8Array;
let foundZstd: ZstdCompressor | null | undefined;

/** Node's own from 22.15 on, else the optional module; null where neither is. */
function zstdCompressor(): ZstdCompressor | null {
  if (foundZstd === undefined) foundZstd = findZstd();
  return foundZstd;
}

function findZstd(): ZstdCompressor | null {
  // Not in the declarations of Node 20.
  const native = zlib as { zstdCompressSync?: (data: Buffer, options: object) => Buffer };
  const compressNatively = native.zstdCompressSync;
  if (compressNatively !== undefined) {
    // ZSTD_c_compressionLevel is 100 in zstd.h.
    return (chunk, level) => compressNatively(chunk, { params: { 100: level } });
  }
  try {
    // The part of the module's declaration that is used.
    const module = load('zstd-napi') as { compress(data: Buffer, parameters: object): Buffer };
    return (chunk, level) => module.compress(chunk, { compressionLevel: level });
  } catch {
    return null;
  }
}
