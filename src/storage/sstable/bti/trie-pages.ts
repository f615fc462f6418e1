import { CorruptionError } from '../../../errors/index.ts';
import type { File } from '../../files/file-system.ts';

const BLOCK_BYTES = 16 * 1024;
/** Blocks kept per open file: the upper levels of a trie stay in memory. */
const MAX_BLOCKS = 64;

/**
 * Random access to a file of tries: aligned blocks, read when first needed and kept until the cache is full. Nodes never
 * cross a page and pages never cross a block. Reads are synchronous, since a promise costs more than a page.
 */
export class TriePages {
  readonly file: File;
  readonly length: number;
  /** What was read from the file so far, for `--stats`. */
  bytesRead = 0;
  blocksRead = 0;
  private readonly blocks = new Map<number, Uint8Array>();

  constructor(file: File, length = file.size()) {
    this.file = file;
    this.length = length;
  }

  /** The block that holds `position`; `blockStart(position)` is the position of its first byte. */
  block(position: number): Uint8Array {
    if (!(position >= 0 && position < this.length)) {
      throw new CorruptionError(`pointer to ${position} outside of the file`, { file: this.file.path });
    }
    const start = blockStart(position);
    let block = this.blocks.get(start);
    if (block === undefined) {
      block = this.read(start, Math.min(BLOCK_BYTES, this.length - start));
      if (this.blocks.size >= MAX_BLOCKS) {
        for (const oldest of this.blocks.keys()) {
          this.blocks.delete(oldest);
          break;
        }
      }
      this.blocks.set(start, block);
    }
    return block;
  }

  /** `length` bytes from `position`: of a kept block, or read when they cross blocks. Not to be changed. */
  bytesAt(position: number, length: number): Uint8Array {
    const start = blockStart(position);
    if (position - start + length > BLOCK_BYTES) return this.read(position, length);
    const block = this.block(position);
    if (position - start + length > block.length) return this.read(position, length);
    return block.subarray(position - start, position - start + length);
  }

  /** `length` bytes from `position`, across blocks. */
  read(position: number, length: number): Uint8Array {
    if (position < 0 || length < 0 || position + length > this.length) {
      throw new CorruptionError(`${length} bytes expected, the file has ${this.length}`, {
        file: this.file.path,
        offset: position,
      });
    }
    const bytes = Buffer.allocUnsafeSlow(length);
    const got = this.file.readSync(bytes, 0, length, position);
    if (got !== length) {
      throw new CorruptionError(`${length} bytes expected, ${got} read`, { file: this.file.path, offset: position });
    }
    this.bytesRead += length;
    this.blocksRead++;
    return bytes;
  }
}

export function blockStart(position: number): number {
  return position - (position % BLOCK_BYTES);
}
