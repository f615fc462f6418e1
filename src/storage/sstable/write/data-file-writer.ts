import { ByteSink } from '../../../bytes/index.ts';
import type { File } from '../../files/file-system.ts';
import { type ChunkCompressor, type CompressionSettings, chunkCompressor } from './chunk-compressor.ts';
import { ComponentFile, crcOf } from './component-file.ts';

/** Bytes of data that collect before chunks are made of them: a write for every few chunks. */
const DRAIN_BYTES = 64 * 1024;
/** Cassandra's write buffer, which is what CRC.db has a checksum for. */
const CRC_CHUNK_BYTES = 64 * 1024;

/**
 * Data.db while it is written, with what belongs to its chunks. The encoder appends to `sink`; at boundaries of elements
 * `drain` turns full chunks into file bytes.
 *
 *   compressed     (chunk, i32 CRC32 of it)*, chunk offsets for CompressionInfo.db
 *   uncompressed   the bytes; CRC.db: i32 65536, then an i32 CRC32 for each 64 KiB
 *   Digest.crc32   the CRC32 of the whole file as decimal digits
 */
export class DataFileWriter {
  readonly sink = new ByteSink(DRAIN_BYTES + 128 * 1024);
  /** Offsets of compressed chunks in the file. */
  readonly chunkOffsets: number[] = [];
  /** CRC.db's bytes, of an uncompressed table. */
  readonly crcs: ByteSink;
  digest = 0;
  /** Bytes of chunks, before and after compression, without their checksums. */
  compressedBytes = 0;
  private readonly out: ComponentFile;
  private readonly settings: CompressionSettings | null;
  private readonly compress: ChunkCompressor | null;
  private readonly chunkBytes: number;
  /** Uncompressed bytes that left the sink. */
  private drained = 0;

  constructor(file: File, settings: CompressionSettings | null) {
    this.out = new ComponentFile(file);
    this.settings = settings;
    this.compress = settings === null ? null : chunkCompressor(settings);
    this.chunkBytes = settings === null ? CRC_CHUNK_BYTES : settings.chunkBytes;
    this.crcs = new ByteSink(settings === null ? 4096 : 4);
    if (settings === null) this.crcs.i32(CRC_CHUNK_BYTES);
  }

  get file(): File {
    return this.out.file;
  }

  /** Uncompressed bytes so far: positions in indexes are these. */
  get position(): number {
    return this.drained + this.sink.position;
  }

  /** Bytes in the file, once drained. */
  get fileBytes(): number {
    return this.out.position;
  }

  drainIfLarge(): void {
    if (this.sink.position >= DRAIN_BYTES) this.drain();
  }

  /** Writes the last, partial chunk. */
  finish(): void {
    this.drain();
    if (this.sink.position > 0) {
      this.writeChunk(0, this.sink.position);
      this.drained += this.sink.position;
      this.sink.clear();
    }
    this.out.flush();
  }

  private drain(): void {
    const { sink } = this;
    let at = 0;
    for (; sink.position - at >= this.chunkBytes; at += this.chunkBytes) this.writeChunk(at, at + this.chunkBytes);
    if (at === 0) return;
    sink.bytes.copyWithin(0, at, sink.position);
    sink.position -= at;
    this.drained += at;
    this.out.flushIfLarge();
  }

  private writeChunk(start: number, end: number): void {
    const { bytes } = this.sink;
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
    if (this.settings === null || this.compress === null) {
      this.crcs.i32(crcOf(chunk));
      this.append(chunk);
      return;
    }
    const compressed = this.compress(chunk);
    const fits = compressed.length < this.settings.maxCompressedBytes;
    const stored = fits ? compressed : padded(chunk, this.settings.maxCompressedBytes);
    this.chunkOffsets.push(this.out.position);
    this.compressedBytes += stored.length;
    const crc = crcOf(stored);
    this.append(stored);
    const at = this.out.sink.position;
    this.out.sink.i32(crc);
    this.digest = crcOf(this.out.sink.bytes.subarray(at, at + 4), this.digest);
  }

  private append(stored: Uint8Array): void {
    this.digest = crcOf(stored, this.digest);
    this.out.sink.append(stored);
    this.out.flushIfLarge();
  }
}

/** A stored chunk is told from a compressed one by its length: a shorter last chunk is filled up with zeros. */
function padded(chunk: Buffer, length: number): Buffer {
  return chunk.length >= length ? chunk : Buffer.concat([chunk, Buffer.alloc(length - chunk.length)]);
}
