import { createRequire } from 'node:module';
import * as zlib from 'node:zlib';
import { uint32LittleEndianAt } from '../../../bytes/index.ts';
import { CorruptionError } from '../../../errors/index.ts';
import { Lz4Blocks } from './lz4-block.ts';
import { lz4Module } from './lz4-module.ts';

/**
 * Decompresses one chunk, `source[start, end)`, to `target` at `targetStart`; returns the number of bytes. Never writes
 * or allocates more than `maxBytes`: a chunk that says it is longer is a CorruptionError.
 *
 *   LZ4Compressor      i32 little-endian length of the chunk, an LZ4 block
 *   SnappyCompressor   raw Snappy, which begins with the length as a varint
 *   DeflateCompressor  a zlib stream
 *   ZstdCompressor     a Zstandard frame
 *   NoopCompressor     the bytes themselves
 */
export type ChunkDecompressor = (
  source: Buffer,
  start: number,
  end: number,
  target: Uint8Array,
  targetStart: number,
  maxBytes: number,
) => number;

/** The decompressor of a compressor's class name, simple or with its package; null when it is not known. */
export function chunkDecompressor(compressor: string): ChunkDecompressor | null {
  switch (compressor.slice(compressor.lastIndexOf('.') + 1)) {
    case 'LZ4Compressor':
      return lz4();
    case 'SnappyCompressor':
      return snappy();
    case 'DeflateCompressor':
      return inflate;
    case 'ZstdCompressor':
      return zstd();
    case 'NoopCompressor':
      return copy;
    default:
      return null;
  }
}

// Native modules are loaded when a table needs them: a start without compression pays for none.
const load = createRequire(import.meta.url);

const LZ4_LENGTH_BYTES = 4;

function lz4(): ChunkDecompressor {
  return lz4Decompressor(lz4Blocks() ?? lz4OfModule());
}

/** Decompresses a block, `source[start, end)`, of `maxBytes` or less; the four bytes before it say its length too. */
export type Lz4Decompress = ChunkDecompressor;

export function lz4Decompressor(decompress: Lz4Decompress): ChunkDecompressor {
  return (source, start, end, target, targetStart, maxBytes) => {
    if (end - start < LZ4_LENGTH_BYTES) throw new CorruptionError('an LZ4 chunk without a length');
    const length = uint32LittleEndianAt(source, start);
    checkLength(length, maxBytes);
    return decompress(source, start + LZ4_LENGTH_BYTES, end, target, targetStart, length);
  };
}

/** One for all tables, which take turns; null until it is first needed. */
let sharedBlocks: Lz4Blocks | null = null;

/** Null where the process may not have the address space that WebAssembly takes. */
export function lz4Blocks(): Lz4Decompress | null {
  try {
    sharedBlocks ??= new Lz4Blocks();
  } catch {
    return null;
  }
  const blocks = sharedBlocks;
  return (source, start, end, target, targetStart, length) => {
    const got = blocks.decompress(source, start, end, target, targetStart, length);
    if (got < 0) throw new CorruptionError('LZ4 cannot decompress the chunk: it is no block, or longer than it says');
    return got;
  };
}

/** Allocates every chunk, and is slower. */
export function lz4OfModule(): Lz4Decompress {
  const module = lz4Module();
  return (source, start, end, target, targetStart, maxBytes) => {
    const bytes = guard('LZ4', () => module.uncompressSync(source.subarray(start - LZ4_LENGTH_BYTES, end)));
    return put(bytes, target, targetStart, maxBytes);
  };
}

function snappy(): ChunkDecompressor {
  const module = load('snappy') as { uncompressSync(data: Uint8Array, options: { asBuffer: true }): Buffer };
  return (source, start, end, target, targetStart, maxBytes) => {
    checkLength(snappyLength(source, start, end), maxBytes);
    const bytes = guard('Snappy', () => module.uncompressSync(source.subarray(start, end), { asBuffer: true }));
    return put(bytes, target, targetStart, maxBytes);
  };
}

/** The varint in front, low bits first. */
function snappyLength(source: Uint8Array, start: number, end: number): number {
  let length = 0;
  for (let i = 0; i < 5 && start + i < end; i++) {
    const byte = source[start + i];
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return length;
  }
  throw new CorruptionError('a Snappy chunk without a length');
}

const inflate: ChunkDecompressor = (source, start, end, target, targetStart, maxBytes) => {
  const options = { maxOutputLength: Math.max(1, maxBytes) };
  const bytes = guard('Deflate', () => zlib.inflateSync(source.subarray(start, end), options));
  return put(bytes, target, targetStart, maxBytes);
};

const copy: ChunkDecompressor = (source, start, end, target, targetStart, maxBytes) =>
  put(source.subarray(start, end), target, targetStart, maxBytes);

function zstd(): ChunkDecompressor {
  const decompress = zstdOfNode() ?? zstdOfModule() ?? zstdInJavaScript();
  return zstdDecompressor(decompress);
}

export type ZstdDecompress = (frame: Buffer, maxBytes: number) => Uint8Array;

export function zstdDecompressor(decompress: ZstdDecompress): ChunkDecompressor {
  return (source, start, end, target, targetStart, maxBytes) => {
    const frame = source.subarray(start, end);
    checkLength(zstdFrameLength(frame), maxBytes);
    const bytes = guard('Zstd', () => decompress(frame, maxBytes));
    return put(bytes, target, targetStart, maxBytes);
  };
}

/** Node's own, from 22.15 on. */
export function zstdOfNode(): ZstdDecompress | null {
  // Newer than the declarations of Node 20.
  const native = (zlib as { zstdDecompressSync?: (data: Buffer, options: object) => Buffer }).zstdDecompressSync;
  if (native === undefined) return null;
  return (frame, maxBytes) => native(frame, { maxOutputLength: Math.max(1, maxBytes) });
}

/** An optional dependency, which need not have compiled here. */
export function zstdOfModule(): ZstdDecompress | null {
  try {
    const { Decompressor } = load('zstd-napi') as { Decompressor: new () => { decompress(data: Buffer): Buffer } };
    let decompressor = new Decompressor();
    return (frame) => {
      try {
        return decompressor.decompress(frame);
      } catch (error) {
        // A damaged frame leaves it in the middle of that frame, where the next, sound one would fail too.
        decompressor = new Decompressor();
        throw error;
      }
    };
  } catch {
    return null;
  }
}

/** What is always there, and slower. */
export function zstdInJavaScript(): ZstdDecompress {
  const module = load('fzstd') as { decompress(data: Uint8Array, target?: Uint8Array): Uint8Array };
  return (frame) => {
    // It gives back the whole target, however little of it was filled; the length is checked before.
    const length = zstdFrameLength(frame);
    return module.decompress(frame, length === 0 ? undefined : new Uint8Array(length));
  };
}

const ZSTD_MAGIC = 0xfd2fb528;
/** Bytes of the dictionary id and of the content size by the frame descriptor's fields (RFC 8878, 3.1.1.1). */
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
/** A content size of two bytes counts from here. */
const SHORT_SIZE_BASE = 256;

/** The length that a frame says its content has; 0 when it does not say. */
function zstdFrameLength(frame: Buffer): number {
  if (frame.length < 6 || uint32LittleEndianAt(frame, 0) !== ZSTD_MAGIC) throw new CorruptionError('not a Zstd frame');
  const descriptor = frame[4];
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3];
  const bytes = descriptor >>> 6 === 0 && isSingleSegment ? 1 : CONTENT_SIZE_BYTES[descriptor >>> 6];
  if (at + bytes > frame.length) throw new CorruptionError('a Zstd frame that is cut off');
  let length = 0;
  for (let i = bytes - 1; i >= 0; i--) length = length * 256 + frame[at + i];
  return bytes === 2 ? length + SHORT_SIZE_BASE : length;
}

function checkLength(length: number, maxBytes: number): void {
  if (length > maxBytes) throw new CorruptionError(`a chunk that says it has ${length} bytes, at most ${maxBytes} fit`);
}

function put(bytes: Uint8Array, target: Uint8Array, targetStart: number, maxBytes: number): number {
  checkLength(bytes.length, maxBytes);
  target.set(bytes, targetStart);
  return bytes.length;
}

function guard(name: string, decompress: () => Uint8Array): Uint8Array {
  try {
    return decompress();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CorruptionError(`${name} cannot decompress the chunk: ${reason}`, {}, cause);
  }
}
