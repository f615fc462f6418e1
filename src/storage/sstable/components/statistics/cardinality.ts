import type { ByteSink } from '../../../../bytes/index.ts';

/** Precision of the registers and of the sparse list, as `MetadataCollector` sets them. */
const P = 13;
const SP = 25;
const REGISTERS = 1 << P;
const SPARSE_LIMIT = REGISTERS * 0.75;
const PENDING_LIMIT = Math.floor(SPARSE_LIMIT / 4);
const REGISTERS_PER_WORD = 6;
const WORDS = Math.floor(REGISTERS / REGISTERS_PER_WORD) + 1;
const VERSION = -2;
const FORMAT_NORMAL = 0;
const FORMAT_SPARSE = 1;

/**
 * HyperLogLog++ of the partition keys, in the serialized form of stream-lib 2.5.2's `HyperLogLogPlus` (p 13, sp 25),
 * which Cassandra keeps in the COMPACTION part of Statistics.db.
 *
 *   i32 -2, varint p, varint sp, then one of
 *   varint 0, varint bytes, an i32 for each 6 registers of 5 bits       once more than 6,144 hashes are distinct
 *   varint 1, varint count, varints: differences of the encoded hashes  before
 *
 * An encoded hash is (its first 25 bits) << 1, or, where the last 12 of these are 0, the bits, 6 bits of run length and 1.
 * Varints have the low bits first.
 */
export class CardinalityEstimator {
  private sparse: Int32Array | null = new Int32Array(0);
  private pending: Int32Array = new Int32Array(PENDING_LIMIT + 1);
  private pendingCount = 0;
  private words: Int32Array = new Int32Array(0);

  /** Counts a key by its 64-bit murmur2 hash. */
  offer(hi: number, lo: number): void {
    if (this.sparse === null) {
      this.raise(hi >>> (32 - P), runLength(hi, lo));
      return;
    }
    this.pending[this.pendingCount++] = encode(hi, lo);
    if (this.pendingCount <= PENDING_LIMIT) return;
    const merged = this.mergePending(this.sparse);
    this.sparse = merged;
    if (merged.length > SPARSE_LIMIT) this.toRegisters(merged);
  }

  write(sink: ByteSink): void {
    sink.i32(VERSION);
    writeVarint(sink, P);
    writeVarint(sink, SP);
    if (this.sparse === null) {
      writeVarint(sink, FORMAT_NORMAL);
      writeVarint(sink, WORDS * 4);
      for (const word of this.words) sink.i32(word);
      return;
    }
    this.sparse = this.mergePending(this.sparse);
    writeVarint(sink, FORMAT_SPARSE);
    writeVarint(sink, this.sparse.length);
    let previous = 0;
    for (const encoded of this.sparse) {
      writeVarint(sink, (encoded - previous) | 0);
      previous = encoded;
    }
  }

  /** The lists are merged by index, the smaller encoding first where indexes differ, as stream-lib does. */
  private mergePending(sparse: Int32Array): Int32Array {
    if (this.pendingCount === 0) return sparse;
    const added = this.pending.slice(0, this.pendingCount).sort(compareEncoded);
    this.pendingCount = 0;
    const merged = new Int32Array(sparse.length + added.length);
    let count = 0;
    let i = 0;
    let j = 0;
    while (i < sparse.length || j < added.length) {
      if (j >= added.length) {
        merged[count++] = sparse[i++];
        continue;
      }
      const b = added[j];
      if (i < sparse.length) {
        const a = sparse[i];
        const same = sparseIndex(a) === sparseIndex(b);
        if (!same && a < b) {
          merged[count++] = a;
          i++;
          continue;
        }
        merged[count++] = same ? Math.min(a, b) : b;
        if (same) i++;
      } else {
        merged[count++] = b;
      }
      for (j++; j < added.length && sparseIndex(added[j]) === sparseIndex(b); ) j++;
    }
    return merged.slice(0, count);
  }

  private toRegisters(sparse: Int32Array): void {
    this.words = new Int32Array(WORDS);
    for (const encoded of sparse) this.raise(sparseIndex(encoded) >>> (SP - P), decodeRunLength(encoded));
    this.sparse = null;
    this.pending = new Int32Array(0);
  }

  private raise(register: number, value: number): void {
    const word = Math.floor(register / REGISTERS_PER_WORD);
    const shift = 5 * (register - word * REGISTERS_PER_WORD);
    const mask = 0x1f << shift;
    if ((this.words[word] & mask) < value << shift) this.words[word] = (this.words[word] & ~mask) | (value << shift);
  }
}

function encode(hi: number, lo: number): number {
  const index = hi >>> (32 - SP);
  if (index << (32 - SP + P) !== 0) return index << 1;
  return (((index << 6) | (runLength(hi, lo) ^ 63)) << 1) | 1;
}

/** Leading zeros after the first P bits, plus one; a guard bit bounds it. */
function runLength(hi: number, lo: number): number {
  const high = (hi << P) | (lo >>> (32 - P));
  if (high !== 0) return Math.clz32(high) + 1;
  return 32 + Math.clz32((lo << P) | (1 << (P - 1))) + 1;
}

function decodeRunLength(encoded: number): number {
  if ((encoded & 1) === 1) return ((encoded >>> 1) & 63) ^ 63;
  return Math.clz32(encoded << (P + 31 - SP)) + 1;
}

function sparseIndex(encoded: number): number {
  return (encoded & 1) === 1 ? encoded >>> 7 : encoded >>> 1;
}

function compareEncoded(a: number, b: number): number {
  const indexOrder = sparseIndex(a) - sparseIndex(b);
  return indexOrder !== 0 ? indexOrder : (a << (P + 31 - SP)) - (b << (P + 31 - SP));
}

function writeVarint(sink: ByteSink, value: number): void {
  let rest = value >>> 0;
  while (rest >= 0x80) {
    sink.u8((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  sink.u8(rest);
}
