import { ByteCursor } from '../../../bytes/index.ts';
import { CorruptionError } from '../../../errors/index.ts';
import type { File } from '../../files/file-system.ts';
import type { ReadCounters } from '../data/read-counters.ts';

const BUFFER_BYTES = 16 * 1024;
/** Of an entry, without its key and its row index. */
const MAX_FIXED_BYTES = 2 + 9 + 9;
const MAX_KEY_BYTES = 0xffff;

/** Reads the entries of Index.db one after the other from any place where one begins. */
export class IndexFileReader {
  /** The entry of the last `readEntry`: its key is `bytes[keyStart, keyEnd)`. */
  bytes: Buffer = EMPTY;
  keyStart = 0;
  keyEnd = 0;
  dataPosition = 0;
  /** In the file. */
  entryStart = 0;
  rowIndexStart = 0;
  rowIndexBytes = 0;
  private readonly file: File;
  private readonly counters: ReadCounters;
  private readonly fileBytes: number;
  private readonly cursor: ByteCursor;
  private origin = 0;
  private end = 0;

  constructor(file: File, counters: ReadCounters, bufferBytes = BUFFER_BYTES) {
    this.file = file;
    this.counters = counters;
    this.fileBytes = file.size();
    this.bytes = Buffer.allocUnsafeSlow(Math.max(1, Math.min(this.fileBytes, bufferBytes)));
    this.cursor = new ByteCursor(this.bytes, 0, 0, file.path);
  }

  /** Where the next entry begins. */
  get nextEntry(): number {
    return this.rowIndexStart + this.rowIndexBytes;
  }

  /** False at the file's end. */
  readEntry(position: number): boolean {
    if (position >= this.fileBytes) return false;
    const { cursor } = this;
    this.fill(position, Math.min(MAX_FIXED_BYTES, this.fileBytes - position));
    cursor.reset(this.bytes, position - this.origin, this.end, this.origin);
    const keyLength = cursor.u16();
    const needed = Math.min(keyLength + MAX_FIXED_BYTES, this.fileBytes - position);
    this.fill(position, needed);
    cursor.reset(this.bytes, position - this.origin + 2, this.end, this.origin);
    this.keyStart = cursor.position;
    cursor.skip(keyLength);
    this.keyEnd = cursor.position;
    this.dataPosition = cursor.unsignedVint();
    this.rowIndexBytes = cursor.unsignedVint();
    this.rowIndexStart = cursor.origin + cursor.position;
    this.entryStart = position;
    if (this.rowIndexStart + this.rowIndexBytes > this.fileBytes) {
      cursor.fail(`a row index of ${this.rowIndexBytes} bytes reaches past the file's end`);
    }
    return true;
  }

  /** A copy of the entry's key. */
  key(): Buffer {
    return Buffer.from(this.bytes.subarray(this.keyStart, this.keyEnd));
  }

  /** A copy of the entry's row index. */
  rowIndex(): Buffer {
    const copy = Buffer.allocUnsafeSlow(this.rowIndexBytes);
    const at = this.rowIndexStart - this.origin;
    if (at + this.rowIndexBytes <= this.end) this.bytes.copy(copy, 0, at, at + this.rowIndexBytes);
    else this.read(copy, this.rowIndexBytes, this.rowIndexStart);
    return copy;
  }

  private fill(position: number, length: number): void {
    if (position >= this.origin && position + length <= this.origin + this.end) return;
    if (this.bytes.length < length) this.bytes = Buffer.allocUnsafeSlow(MAX_KEY_BYTES + MAX_FIXED_BYTES);
    const wanted = Math.min(this.bytes.length, this.fileBytes - position);
    this.end = 0;
    this.read(this.bytes, wanted, position);
    this.origin = position;
    this.end = wanted;
  }

  private read(target: Buffer, length: number, position: number): void {
    const got = this.file.readSync(target, 0, length, position);
    this.counters.blocks++;
    this.counters.bytesRead += got;
    if (got !== length) {
      throw new CorruptionError(`${length} bytes expected, ${got} read`, { file: this.file.path, offset: position });
    }
  }
}

const EMPTY = Buffer.alloc(0);
