import { invariant } from '../../errors/index.ts';

const SLAB_BITS = 20;
const SLAB_BYTES = 1 << SLAB_BITS;
/** The first slab of a memtable; each one after is twice as large, so that a thousand small tables cost little. */
const FIRST_SLAB_BYTES = 16 * 1024;
const OFFSET_MASK = SLAB_BYTES - 1;
/** Addresses are non-negative int32, so that tree nodes hold them in Int32Arrays. */
const MAX_SLABS = 0x7fffffff >> SLAB_BITS;

/**
 * Memory for records in slabs of up to 1 MiB; a larger record has a slab of its own. An address is the slab's number and the
 * offset in it; records begin at multiples of 4 bytes. Nothing is freed but all at once.
 */
export class SlabArena {
  private readonly slabs: Uint8Array[] = [];
  private readonly words: Int32Array[] = [];
  private current = -1;
  private slabBytes = FIRST_SLAB_BYTES / 2;
  private used = this.slabBytes;
  allocatedBytes = 0;

  /** Whether only few slabs are left: time for another memtable. */
  get isNearlyFull(): boolean {
    return this.slabs.length > MAX_SLABS - 64;
  }

  allocate(length: number): number {
    const size = (length + 3) & ~3;
    if (size > this.slabBytes - this.used) {
      if (size > SLAB_BYTES / 4) return this.addSlab(size) << SLAB_BITS;
      do this.slabBytes = Math.min(SLAB_BYTES, this.slabBytes * 2);
      while (this.slabBytes < size);
      this.current = this.addSlab(this.slabBytes);
      this.used = 0;
    }
    const address = (this.current << SLAB_BITS) | this.used;
    this.used += size;
    return address;
  }

  bytesOf(address: number): Uint8Array {
    return this.slabs[address >>> SLAB_BITS];
  }

  offsetOf(address: number): number {
    return address & OFFSET_MASK;
  }

  word(address: number, index: number): number {
    return this.words[address >>> SLAB_BITS][((address & OFFSET_MASK) >>> 2) + index];
  }

  setWord(address: number, index: number, value: number): void {
    this.words[address >>> SLAB_BITS][((address & OFFSET_MASK) >>> 2) + index] = value;
  }

  private addSlab(size: number): number {
    invariant(this.slabs.length < MAX_SLABS, 'a memtable outgrew its address space');
    const buffer = new ArrayBuffer(size);
    this.allocatedBytes += size;
    this.words.push(new Int32Array(buffer));
    return this.slabs.push(new Uint8Array(buffer)) - 1;
  }
}
