import type { ByteSink } from '../../../../bytes/index.ts';

/** Buckets that `MetadataCollector` uses: up to 3.5 TB a partition, and up to 4 billion cells. */
export const PARTITION_SIZE_BUCKETS = 155;
export const CELL_COUNT_BUCKETS = 118;

/**
 * Counts of values in buckets that grow by a fifth each (`utils/EstimatedHistogram`, 5.0.8): bucket i holds values above
 * offset i - 1, up to offset i; the last one those above all offsets.
 *
 *   i32 number of buckets, then for each i64 offset (of the bucket before it; the first offset twice), i64 count
 */
export class EstimatedHistogram {
  private readonly offsets: Float64Array;
  private readonly counts: Float64Array;

  constructor(buckets: number) {
    this.offsets = bucketOffsets(buckets);
    this.counts = new Float64Array(buckets + 1);
  }

  add(value: number): void {
    const { offsets } = this;
    let low = 0;
    let high = offsets.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (offsets[middle] < value) low = middle + 1;
      else high = middle;
    }
    this.counts[low]++;
  }

  write(sink: ByteSink): void {
    sink.i32(this.counts.length);
    for (let i = 0; i < this.counts.length; i++) {
      sink.i64Number(this.offsets[i === 0 ? 0 : i - 1]);
      sink.i64Number(this.counts[i]);
    }
  }
}

function bucketOffsets(size: number): Float64Array {
  const offsets = new Float64Array(size);
  let last = 1;
  offsets[0] = last;
  for (let i = 1; i < size; i++) {
    const next = Math.round(last * 1.2);
    last = next === last ? next + 1 : next;
    offsets[i] = last;
  }
  return offsets;
}
