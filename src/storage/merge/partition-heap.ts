import { compareUnsigned, int64 } from '../../bytes/index.ts';
import type { Partition } from '../rows/index.ts';

/** Where a partition stands on the ring: its token, then its key. */
export type PartitionPlace = Omit<Partition, 'deletion'>;

/** What stands before a partition, or in it. */
export interface AtPartition {
  readonly partition: PartitionPlace;
}

/** Sources by the key of the partition they stand before: a binary heap. */
export class PartitionHeap<T extends AtPartition> {
  private readonly items: T[] = [];

  push(source: T): void {
    const items = this.items;
    let i = items.push(source) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (comparePartitions(items[parent], source) <= 0) break;
      items[i] = items[parent];
      i = parent;
    }
    items[i] = source;
  }

  pop(): T | null {
    const items = this.items;
    const last = items.pop();
    if (last === undefined) return null;
    if (items.length === 0) return last;
    const first = items[0];
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && comparePartitions(items[child + 1], items[child]) < 0) child++;
      if (comparePartitions(items[child], last) >= 0) break;
      items[i] = items[child];
      i = child;
    }
    items[i] = last;
    return first;
  }

  firstEquals(source: T): boolean {
    return this.items.length > 0 && comparePartitions(this.items[0], source) === 0;
  }

  /** Whether the source stands before all in the heap. */
  isBefore(source: T): boolean {
    return this.items.length === 0 || comparePartitions(source, this.items[0]) < 0;
  }
}

function comparePartitions(a: AtPartition, b: AtPartition): number {
  const p = a.partition;
  const q = b.partition;
  const byToken = int64.compare(p.tokenHi, p.tokenLo, q.tokenHi, q.tokenLo);
  return byToken !== 0 ? byToken : compareUnsigned(p.key, p.keyStart, p.keyEnd, q.key, q.keyStart, q.keyEnd);
}
