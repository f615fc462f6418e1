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
  /** The end of those chunks of [first, end) that the file has whole: of more than the first, as far as it goes. */
  wholeEnd(first: number, end: number): number;
  /**
   * Decodes chunks [first, end), whose stored bytes begin at `stored[0]`, to `target`; returns the number of bytes. Ends
   * early before a damaged chunk, so that what is sound comes first: only a damaged `first` is an error.
   */
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

  wholeEnd(first: number, end: number): number {
    let whole = end;
    while (whole > first + 1 && whole < this.chunkCount && this.info.chunkOffsets[whole] > this.fileLength) whole--;
    return whole;
  }

  decode(stored: Buffer, first: number, end: number, target: Buffer, targetStart: number): number {
    const origin = this.storedStart(first);
    let at = targetStart;
    for (let chunk = first; chunk < end; chunk++) {
      try {
        at += this.decodeChunk(stored, origin, chunk, target, at);
      } catch (error) {
        if (chunk === first || !(error instanceof CorruptionError)) throw error;
        break;
      }
    }
    return at - targetStart;
  }

  private decodeChunk(stored: Buffer, origin: number, chunk: number, target: Buffer, at: number): number {
    const start = this.storedStart(chunk) - origin;
    const crcAt = this.storedStart(chunk + 1) - origin - CRC_BYTES;
    if (crcAt < start || crcAt + CRC_BYTES > stored.length) this.fail(chunk, 'is cut off by the end of the file');
    const actual = crc32(stored.subarray(start, crcAt));
    const expected = int32At(stored, crcAt) >>> 0;
    if (actual !== expected) this.fail(chunk, `checksum is ${hex(actual)}, stored is ${hex(expected)}`);
    const wanted = Math.max(0, Math.min(this.chunkBytes, this.dataLength - chunk * this.chunkBytes));
    this.decodeOne(chunk, stored, start, crcAt, target, at, wanted);
    return wanted;
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

  wholeEnd(_first: number, end: number): number {
    return end;
  }

  decode(stored: Buffer, first: number, end: number, target: Buffer, targetStart: number): number {
    const origin = this.storedStart(first);
    if (stored.length < this.storedStart(end) - origin) this.fail(first, 'is cut off by the end of the file');
    let sound = first;
    for (; sound < end; sound++) {
      const fault = this.faultOf(stored, origin, sound);
      if (fault === null) continue;
      if (sound === first) this.fail(sound, fault);
      break;
    }
    const length = this.storedStart(sound) - origin;
    stored.copy(target, targetStart, 0, length);
    return length;
  }

  private faultOf(stored: Buffer, origin: number, chunk: number): string | null {
    if (this.checksums === null) return null;
    if (chunk >= this.checksums.length) return 'has no checksum in CRC.db';
    const actual = crc32(stored.subarray(this.storedStart(chunk) - origin, this.storedStart(chunk + 1) - origin));
    const expected = this.checksums[chunk];
    return actual === expected ? null : `checksum is ${hex(actual)}, CRC.db has ${hex(expected)}`;
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
