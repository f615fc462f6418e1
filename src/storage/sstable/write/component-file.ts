import { crc32 } from 'node:zlib';
import { ByteSink } from '../../../bytes/index.ts';
import type { File } from '../../files/file-system.ts';

const FLUSH_BYTES = 256 * 1024;

/**
 * One component while it is written: bytes collect in `sink` and go to the file when enough are there. Writes are
 * synchronous: the kernel takes them into its cache, and a promise for each would cost more than the copy.
 */
export class ComponentFile {
  readonly file: File;
  readonly sink = new ByteSink(FLUSH_BYTES + 64 * 1024);
  /** Bytes that have gone to the file. */
  flushed = 0;

  constructor(file: File) {
    this.file = file;
  }

  get position(): number {
    return this.flushed + this.sink.position;
  }

  /** Call it where no one holds a place in the sink: it may empty it. */
  flushIfLarge(): void {
    if (this.sink.position >= FLUSH_BYTES) this.flush();
  }

  flush(): void {
    if (this.sink.position === 0) return;
    this.file.writeSync(this.sink.view());
    this.flushed += this.sink.position;
    this.sink.clear();
  }
}

/** CRC32 of bytes, going on from `previous`. */
export function crcOf(bytes: Uint8Array, previous = 0): number {
  return crc32(bytes, previous);
}
