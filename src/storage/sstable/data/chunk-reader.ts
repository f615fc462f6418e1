import { crc32 } from 'node:zlib';
import { int32At } from '../../../bytes/index.ts';
import { CorruptionError } from '../../../errors/index.ts';
import type { File } from '../../files/file-system.ts';
import type { CompressionInfo } from '../components/compression-info/read.ts';
import type { ChunkChecksums } from '../components/crc-db/read.ts';
import { type ChunkDecompressor, chunkDecompressor } from '../compression/chunk-decompressor.ts';

/** Chunks of an uncompressed file that has no CRC.db. */
const UNCHECKED_CHUNK_BYTES = 64 * 1024;
const CRC_BYTES = 4;

/**
 * Data.db as chunks: numbers of chunks in, checked uncompressed bytes out. Reading and decoding are apart, so that the
 * next chunks are read while these are decoded. A chunk whose checksum is wrong is a CorruptionError that names it.
 *
 *   compressed     (chunk, u32 CRC32 of its stored bytes)*; a chunk of maxCompressedBytes or more is stored as it is
 *   uncompressed   the bytes; their checksums are in CRC.db
 */
export interface ChunkReader {
  readonly file: File;
  /** Uncompressed bytes in all. */
  readonly dataLength: number;
  readonly chunkBytes: number;
  readonly chunkCount: number;
  /** Where the stored bytes of chunk `chunk` begin; of `chunkCount` where those of the last end. */
  storedStart(chunk: number): number;
  /** Decodes chunks [first, end), whose stored bytes begin at `stored[0]`, to `target`; returns the number of bytes. */
  decode(stored: Buffer, first: number, end: number, target: Buffer, targetStart: number): number;
}

export function chunkReader(
  file: File,
  compression: CompressionInfo | null,
  checksums: ChunkChecksums | null,
): ChunkReader {
  return compression === null ? new PlainChunks(file, checksums) : new CompressedChunks(file, compression);
}

class CompressedChunks implements ChunkReader {
  readonly file: File;
  readonly dataLength: number;
  readonly chunkBytes: number;
  readonly chunkCount: number;
  private readonly info: CompressionInfo;
  private readonly decompress: ChunkDecompressor;
  private readonly fileLength: number;

  constructor(file: File, info: CompressionInfo) {
    const decompress = chunkDecompressor(info.compressor);
    if (decompress === null) {
      throw new CorruptionError(`compressed by ${info.compressor}, which is not known here`, { file: file.path });
    }
    this.file = file;
    this.info = info;
    this.decompress = decompress;
    this.dataLength = info.dataLength;
    this.chunkBytes = info.chunkBytes;
    this.chunkCount = info.chunkOffsets.length;
    this.fileLength = file.size();
  }

  storedStart(chunk: number): number {
    if (chunk >= this.chunkCount) return this.fileLength;
    const offset = this.info.chunkOffsets[chunk];
    if (offset > this.fileLength) this.fail(chunk, `begins at ${offset}, the file has ${this.fileLength} bytes`);
    return offset;
  }

  decode(stored: Buffer, first: number, end: number, target: Buffer, targetStart: number): number {
    const origin = this.storedStart(first);
    let at = targetStart;
    for (let chunk = first; chunk < end; chunk++) {
      const start = this.storedStart(chunk) - origin;
      const crcAt = this.storedStart(chunk + 1) - origin - CRC_BYTES;
      if (crcAt < start || crcAt + CRC_BYTES > stored.length) this.fail(chunk, 'is cut off by the end of the file');
      const actual = crc32(stored.subarray(start, crcAt));
      const expected = int32At(stored, crcAt) >>> 0;
      if (actual !== expected) this.fail(chunk, `checksum is ${hex(actual)}, stored is ${hex(expected)}`);
      const wanted = Math.max(0, Math.min(this.chunkBytes, this.dataLength - chunk * this.chunkBytes));
      this.decodeOne(chunk, stored, start, crcAt, target, at, wanted);
      at += wanted;
    }
    return at - targetStart;
  }

  private decodeOne(
    chunk: number,
    stored: Buffer,
    start: number,
    end: number,
    target: Buffer,
    at: number,
    wanted: number,
  ): void {
    if (end - start >= this.info.maxCompressedBytes) {
      // A last chunk that is shorter than maxCompressedBytes is filled up with zeros.
      if (end - start < wanted) this.fail(chunk, `has ${end - start} stored bytes, expected ${wanted}`);
      stored.copy(target, at, start, start + wanted);
      return;
    }
    let length: number;
    try {
      length = this.decompress(stored, start, end, target, at, wanted);
    } catch (error) {
      if (error instanceof CorruptionError) throw error.at(this.place(chunk));
      throw error;
    }
    if (length !== wanted) this.fail(chunk, `has ${length} bytes, expected ${wanted}`);
  }

  private place(chunk: number): { file: string; offset: number; chunk: number } {
    return { file: this.file.path, offset: this.info.chunkOffsets[chunk], chunk };
  }

  private fail(chunk: number, detail: string): never {
    throw new CorruptionError(`chunk ${detail}`, this.place(chunk));
  }
}

class PlainChunks implements ChunkReader {
  readonly file: File;
  readonly dataLength: number;
  readonly chunkBytes: number;
  readonly chunkCount: number;
  private readonly checksums: Uint32Array | null;

  constructor(file: File, checksums: ChunkChecksums | null) {
    this.file = file;
    this.dataLength = file.size();
    this.chunkBytes = checksums?.chunkBytes ?? UNCHECKED_CHUNK_BYTES;
    this.chunkCount = Math.ceil(this.dataLength / this.chunkBytes);
    this.checksums = checksums?.checksums ?? null;
  }

  storedStart(chunk: number): number {
    return Math.min(chunk * this.chunkBytes, this.dataLength);
  }

  decode(stored: Buffer, first: number, end: number, target: Buffer, targetStart: number): number {
    const origin = this.storedStart(first);
    const length = this.storedStart(end) - origin;
    if (stored.length < length) this.fail(first, 'is cut off by the end of the file');
    for (let chunk = first; this.checksums !== null && chunk < end; chunk++) {
      if (chunk >= this.checksums.length) this.fail(chunk, 'has no checksum in CRC.db');
      const actual = crc32(stored.subarray(this.storedStart(chunk) - origin, this.storedStart(chunk + 1) - origin));
      const expected = this.checksums[chunk];
      if (actual !== expected) this.fail(chunk, `checksum is ${hex(actual)}, CRC.db has ${hex(expected)}`);
    }
    stored.copy(target, targetStart, 0, length);
    return length;
  }

  private fail(chunk: number, detail: string): never {
    throw new CorruptionError(`chunk ${detail}`, {
      file: this.file.path,
      offset: chunk * this.chunkBytes,
      chunk,
    });
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
