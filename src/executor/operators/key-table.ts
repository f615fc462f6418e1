import { int32At } from '../../bytes/index.ts';
import type { EqualityForm } from '../../types/index.ts';

const EMPTY = -1;

/** No table outgrows this, whatever a memory limit allows: positions are int32. */
const MOST_TABLE_BYTES = 2 ** 30;
/** A table takes so many keys in any case: where what it does not take is split and split again, that comes to an end. */
const LEAST_KEYS = 64;

/**
 * A hash table of byte strings, each with the number of its insertion: open addressing, keys in one growing buffer, no
 * object a key. A key that is looked for is first put together in `scratch`.
 */
export class KeyTable {
  size = 0;
  private slots = new Int32Array(1024).fill(EMPTY);
  private hashes = new Int32Array(256);
  private ends = new Int32Array(256);
  private bytes = new Uint8Array(16 * 1024);
  private scratch = new Uint8Array(256);
  private scratchLength = 0;

  /** Bytes of memory that the table takes. */
  get byteSize(): number {
    return this.slots.byteLength + this.hashes.byteLength + this.ends.byteLength + this.bytes.length;
  }

  /** Whether further keys stay within a limit; `otherBytes` is what goes with the keys and lies elsewhere. */
  hasRoom(limitBytes: number, otherBytes = 0): boolean {
    return this.size < LEAST_KEYS || this.byteSize + otherBytes < Math.min(limitBytes, MOST_TABLE_BYTES);
  }

  begin(): void {
    this.scratchLength = 0;
  }

  /** Appends a part of a key: int32 length (-1 null), bytes. */
  append(source: Uint8Array | null, start: number, end: number): void {
    const length = source === null ? 0 : end - start;
    this.reserve(length + 4);
    const marker = source === null ? -1 : length;
    const { scratch } = this;
    let p = this.scratchLength;
    scratch[p++] = marker >>> 24;
    scratch[p++] = marker >>> 16;
    scratch[p++] = marker >>> 8;
    scratch[p++] = marker;
    if (source !== null) for (let i = start; i < end; i++) scratch[p++] = source[i];
    this.scratchLength = p;
  }

  /** Appends what equal values of a part's type have in common (`equalityFormOf`; null: their bytes). */
  appendForm(form: EqualityForm | null, source: Uint8Array | null, start: number, end: number): void {
    if (form === null || source === null) {
      this.append(source, start, end);
      return;
    }
    const bytes = form(source, start, end);
    this.append(bytes, 0, bytes.length);
  }

  private reserve(length: number): void {
    if (this.scratchLength + length <= this.scratch.length) return;
    const grown = new Uint8Array(Math.max(this.scratch.length * 2, this.scratchLength + length));
    grown.set(this.scratch.subarray(0, this.scratchLength));
    this.scratch = grown;
  }

  /** The number of the key in `scratch`; -1 when it is not there. */
  find(): number {
    return this.slots[this.slotOf(this.hash())];
  }

  /** The number of the key in `scratch`, which is added when it is not there: then it is the last, `size - 1`. */
  findOrAdd(): number {
    const hash = this.hash();
    const slot = this.slotOf(hash);
    const found = this.slots[slot];
    if (found !== EMPTY) return found;
    return this.add(slot, hash);
  }

  /** A hash of the key in `scratch`, another one for each seed. */
  hash(seed = 0x811c9dc5): number {
    const { scratch, scratchLength } = this;
    let hash = seed | 0;
    let p = 0;
    for (; p + 4 <= scratchLength; p += 4) {
      hash = Math.imul(hash ^ int32At(scratch, p), 0x5bd1e995);
      hash ^= hash >>> 15;
    }
    for (; p < scratchLength; p++) hash = Math.imul(hash ^ scratch[p], 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 13), 0x5bd1e995);
    return hash ^ (hash >>> 16);
  }

  private slotOf(hash: number): number {
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const key = slots[slot];
      if (key === EMPTY || (hashes[key] === hash && this.equals(key))) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private equals(key: number): boolean {
    const start = key === 0 ? 0 : this.ends[key - 1];
    const length = this.ends[key] - start;
    if (length !== this.scratchLength) return false;
    const { bytes, scratch } = this;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== scratch[i]) return false;
    return true;
  }

  private add(slot: number, hash: number): number {
    const key = this.size++;
    if (key === this.hashes.length) this.growKeys();
    const start = key === 0 ? 0 : this.ends[key - 1];
    const end = start + this.scratchLength;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.bytes.length * 2, end));
      grown.set(this.bytes.subarray(0, start));
      this.bytes = grown;
    }
    this.bytes.set(this.scratch.subarray(0, this.scratchLength), start);
    this.ends[key] = end;
    this.hashes[key] = hash;
    this.slots[slot] = key;
    if (this.size * 2 > this.slots.length) this.rehash();
    return key;
  }

  private growKeys(): void {
    const hashes = new Int32Array(this.hashes.length * 2);
    hashes.set(this.hashes);
    this.hashes = hashes;
    const ends = new Int32Array(this.ends.length * 2);
    ends.set(this.ends);
    this.ends = ends;
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(EMPTY);
    const mask = slots.length - 1;
    for (let key = 0; key < this.size; key++) {
      let slot = this.hashes[key] & mask;
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      slots[slot] = key;
    }
    this.slots = slots;
  }

  /** The parts of a key, as they were appended; copies. */
  parts(key: number): (Uint8Array | null)[] {
    const parts: (Uint8Array | null)[] = [];
    for (let p = key === 0 ? 0 : this.ends[key - 1]; p < this.ends[key]; ) {
      const length = int32At(this.bytes, p);
      p += 4;
      parts.push(length < 0 ? null : this.bytes.slice(p, p + length));
      if (length > 0) p += length;
    }
    return parts;
  }
}
