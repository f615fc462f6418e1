import { uint16At } from '../../bytes/index.ts';
import { CorruptionError } from '../../errors/index.ts';
import type { Partition } from '../rows/index.ts';
import { type ColumnVector, NULL_VALUE } from './row-batch.ts';

/**
 * The values that all rows of a partition share: key components and static columns. They live in memory of their own,
 * made anew for each partition only when the last one's may still be pointed at by a batch.
 */
export class PartitionValues {
  readonly slots: number;
  readonly source: Uint8Array[];
  readonly start: Int32Array;
  readonly end: Int32Array;

  constructor(slots: number) {
    this.slots = slots;
    this.source = Array.from({ length: slots }, () => EMPTY);
    this.start = new Int32Array(slots);
    this.end = new Int32Array(slots).fill(NULL_VALUE);
  }

  clear(): void {
    this.end.fill(NULL_VALUE);
  }

  set(slot: number, source: Uint8Array, start: number, end: number): void {
    this.source[slot] = source;
    this.start[slot] = start;
    this.end[slot] = end;
  }

  writeTo(vector: ColumnVector, i: number, slot: number): void {
    const end = this.end[slot];
    vector.end[i] = end;
    if (end === NULL_VALUE) return;
    vector.source[i] = this.source[slot];
    vector.start[i] = this.start[slot];
  }

  /** Copies all values to memory that no arena and no window reuses. */
  own(): void {
    for (let slot = 0; slot < this.slots; slot++) {
      if (this.end[slot] === NULL_VALUE) continue;
      const copy = new Uint8Array(this.source[slot].subarray(this.start[slot], this.end[slot]));
      this.set(slot, copy, 0, copy.length);
    }
  }
}

/**
 * Ranges of the components of a partition key (`CompositeType`): one column is the whole key; of several each is
 *
 *   int16   length n
 *   n B     value
 *   int8    end of component, 0
 */
export function splitPartitionKey(partition: Partition, components: number, start: Int32Array, end: Int32Array): void {
  if (components === 1) {
    start[0] = partition.keyStart;
    end[0] = partition.keyEnd;
    return;
  }
  let p = partition.keyStart;
  for (let i = 0; i < components; i++) {
    if (p + 2 > partition.keyEnd) shortKey(components);
    start[i] = p + 2;
    end[i] = p + 2 + uint16At(partition.key, p);
    p = end[i] + 1;
    if (p > partition.keyEnd) shortKey(components);
  }
}

function shortKey(components: number): never {
  throw new CorruptionError(`a partition key is too short for its ${components} components`);
}

const EMPTY = new Uint8Array(0);
