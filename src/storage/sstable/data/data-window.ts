import { CorruptionError } from '../../../errors/index.ts';
import type { ChunkReader } from './chunk-reader.ts';
import type { ReadCounters } from './read-counters.ts';

/** A scan's window, uncompressed: a load costs about a millisecond. */
const SCAN_WINDOW_BYTES = 1024 * 1024;
const FIRST_SCAN_WINDOW_BYTES = 64 * 1024;
/** Up to this many stored bytes a read is synchronous: a promise costs more. */
const MAX_SYNC_BYTES = 128 * 1024;

/** Windows are stored in nearly, not quite, as many bytes as the ones before. */
const IDLE_STEP_BYTES = 64 * 1024;

/** Stored bytes that are being read ahead. */
interface ReadAhead {
  readonly first: number;
  readonly end: number;
  readonly stored: Promise<Buffer>;
}

/**
 * The decoded bytes of Data.db that a reader stands on: `bytes[0, end)` are the uncompressed positions from `origin` on.
 * Windows double from a first one up to `maxBytes`, and grow beyond it only when one element needs more; two buffers take
 * turns, so that bytes stay valid until the second load after. Full-size windows read the next one ahead.
 */
export class DataWindow {
  bytes: Buffer = EMPTY;
  origin = 0;
  end = 0;
  private readonly chunks: ChunkReader;
  private readonly counters: ReadCounters;
  private readonly maxBytes: number;
  private stepBytes: number;
  /** Nothing is read ahead from here on (uncompressed). */
  private limit: number;
  private spare: Buffer = EMPTY;
  private readAhead: ReadAhead | null = null;
  /**
   * Memory of stored bytes that were decoded, for the next ones: what is allocated anew for each window lies outside of
   * the heap, and V8 begins full collections for it.
   */
  private readonly idle: ArrayBufferLike[] = [];

  constructor(chunks: ChunkReader, counters: ReadCounters, options: { scan: boolean; maxBytes?: number }) {
    this.chunks = chunks;
    this.counters = counters;
    this.maxBytes = Math.max(chunks.chunkBytes, options.maxBytes ?? SCAN_WINDOW_BYTES);
    this.stepBytes = Math.min(this.maxBytes, options.scan ? FIRST_SCAN_WINDOW_BYTES : chunks.chunkBytes);
    this.limit = chunks.dataLength;
  }

  /** The uncompressed length of the file. */
  get dataLength(): number {
    return this.chunks.dataLength;
  }

  setLimit(position: number): void {
    this.limit = Math.min(position, this.chunks.dataLength);
  }

  /** Small windows for a look at one place, as after a seek. */
  restartSteps(): void {
    this.stepBytes = this.chunks.chunkBytes;
  }

  has(position: number, length: number): boolean {
    return position >= this.origin && position + length <= this.origin + this.end;
  }

  /** As `load`, when that takes no more than a small read; false (and nothing changed) when it takes more. */
  loadSync(position: number, length: number, maxStoredBytes = MAX_SYNC_BYTES): boolean {
    const { first, end } = this.plan(position, length);
    const kept = this.keptChunks(first);
    if (this.readAhead !== null && this.readAhead.first === first + kept) return false;
    const start = this.chunks.storedStart(first + kept);
    const storedBytes = this.chunks.storedStart(end) - start;
    if (storedBytes > maxStoredBytes) return false;
    const stored = Buffer.allocUnsafe(storedBytes);
    this.checkRead(this.chunks.file.readSync(stored, 0, storedBytes, start), storedBytes, start);
    this.replace(first, kept, end, (target, at) => this.chunks.decode(stored, first + kept, end, target, at));
    return true;
  }

  /** Moves the window so that `length` bytes from `position` on are in it, or all there are. */
  async load(position: number, length: number): Promise<void> {
    const { first, end } = this.plan(position, length);
    const kept = this.keptChunks(first);
    let from = first + kept;
    const ahead = this.readAhead;
    this.readAhead = null;
    let early: Buffer | null = null;
    let earlyEnd = from;
    if (ahead !== null) {
      const stored = await ahead.stored;
      if (ahead.first === from) {
        early = stored;
        earlyEnd = ahead.end;
      }
    }
    const last = Math.max(end, earlyEnd);
    from = earlyEnd;
    const late = from < last ? await this.readStored(from, last) : null;
    this.replace(first, kept, last, (target, at) => {
      const soon = early === null ? 0 : this.chunks.decode(early, first + kept, earlyEnd, target, at);
      const isWhole = early === null || soon === this.uncompressedBytes(first + kept, earlyEnd);
      if (late === null || !isWhole) return soon;
      return soon + this.chunks.decode(late, from, last, target, at + soon);
    });
    if (early !== null) this.keepIdle(early);
    if (late !== null) this.keepIdle(late);
    if (this.stepBytes === this.maxBytes) this.startReadAhead(last);
  }

  close(): void {
    this.readAhead = null;
    this.idle.length = 0;
    this.bytes = EMPTY;
    this.spare = EMPTY;
    this.end = 0;
  }

  /** The chunks that a load makes decoded; at least one. */
  private plan(position: number, length: number): { first: number; end: number } {
    const { chunkBytes, chunkCount, dataLength } = this.chunks;
    const first = Math.floor(position / chunkBytes);
    const wanted = Math.max(length, Math.min(this.stepBytes, this.limit - position), 1);
    const last = Math.min(chunkCount, Math.ceil((position + wanted) / chunkBytes));
    if (position < 0 || first >= chunkCount || position >= dataLength) {
      throw new CorruptionError(`position ${position} is outside of the data (${dataLength} bytes)`, {
        file: this.chunks.file.path,
      });
    }
    // Of a file that was cut off, what is there comes first.
    return { first, end: this.chunks.wholeEnd(first + this.keptChunks(first), last) };
  }

  /** Chunks from `first` on that the present window ends with. */
  private keptChunks(first: number): number {
    const { chunkBytes } = this.chunks;
    const start = first * chunkBytes;
    if (this.end === 0 || start < this.origin || start >= this.origin + this.end) return 0;
    return Math.ceil((this.origin + this.end - start) / chunkBytes);
  }

  private replace(first: number, kept: number, end: number, decode: (target: Buffer, at: number) => number): void {
    const { chunkBytes, dataLength } = this.chunks;
    const start = first * chunkBytes;
    const last = Math.max(end, first + kept);
    const needed = Math.min(last * chunkBytes, dataLength) - start;
    const target = this.spare.length >= needed ? this.spare : Buffer.allocUnsafeSlow(this.capacityFor(needed));
    let at = 0;
    if (kept > 0) {
      const from = start - this.origin;
      this.bytes.copy(target, 0, from, this.end);
      at = this.end - from;
    }
    if (first + kept < last) {
      at += decode(target, at);
      this.counters.blocks += last - first - kept;
    }
    // Whoever reads block by block backward has no use for what follows a block.
    const isBackward = start < this.origin;
    this.stepBytes = isBackward ? chunkBytes : Math.min(this.maxBytes, this.stepBytes * 2);
    this.spare = this.bytes;
    this.bytes = target;
    this.origin = start;
    this.end = at;
  }

  /** A window at its full size has room for the chunks that are kept; an outsized one is not kept. */
  private capacityFor(needed: number): number {
    if (this.spare.length > this.maxBytes * 2) this.spare = EMPTY;
    return this.stepBytes === this.maxBytes ? Math.max(needed, this.maxBytes + 2 * this.chunks.chunkBytes) : needed;
  }

  private uncompressedBytes(first: number, end: number): number {
    const { chunkBytes, dataLength } = this.chunks;
    return Math.min(end * chunkBytes, dataLength) - first * chunkBytes;
  }

  private startReadAhead(first: number): void {
    const { chunkBytes, chunkCount } = this.chunks;
    const last = Math.min(
      chunkCount,
      Math.ceil(this.limit / chunkBytes),
      first + Math.ceil(this.maxBytes / chunkBytes),
    );
    if (first >= last) return;
    const end = this.chunks.wholeEnd(first, last);
    const stored = this.readStored(first, end);
    // Whoever loads next sees the failure; one that no one waits for is no one's.
    stored.catch(() => undefined);
    this.readAhead = { first, end, stored };
  }

  private async readStored(first: number, end: number): Promise<Buffer> {
    const { file } = this.chunks;
    const start = this.chunks.storedStart(first);
    const length = this.chunks.storedStart(end) - start;
    const stored = Buffer.from(this.takeIdle(length), 0, length);
    // A small read is over before a thread has taken it up, and a short statement then starts no threads at all.
    const isSmall = length <= MAX_SYNC_BYTES;
    const got = isSmall ? file.readSync(stored, 0, length, start) : await file.read(stored, 0, length, start);
    this.checkRead(got, length, start);
    return stored;
  }

  private takeIdle(length: number): ArrayBufferLike {
    const idle = this.idle.pop();
    if (idle !== undefined && idle.byteLength >= length) return idle;
    return Buffer.allocUnsafeSlow(Math.ceil(length / IDLE_STEP_BYTES) * IDLE_STEP_BYTES).buffer;
  }

  private keepIdle({ buffer }: Buffer): void {
    if (this.stepBytes === this.maxBytes && buffer.byteLength <= this.maxBytes * 2) this.idle.push(buffer);
  }

  private checkRead(got: number, length: number, position: number): void {
    this.counters.bytesRead += got;
    if (got !== length) {
      throw new CorruptionError(`the file is cut off: ${length} bytes expected, ${got} read`, {
        file: this.chunks.file.path,
        offset: position,
      });
    }
  }
}

const EMPTY = Buffer.alloc(0);
