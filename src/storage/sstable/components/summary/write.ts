import { ByteSink } from '../../../../bytes/index.ts';

/** Cassandra's level of a summary that was not thinned out. */
const FULL_SAMPLING_LEVEL = 128;

/**
 * Summary.db (`io/sstable/indexsummary/IndexSummaryBuilder`, 5.0.8): every `min_index_interval`-th key with its place in
 * Index.db.
 *
 *   i32 min_index_interval, i32 n, i64 bytes of offsets and entries, i32 sampling level (128), i32 entries at that level
 *   n offsets       i32 little-endian, from the first offset's own place
 *   n entries       key bytes, i64 little-endian position in Index.db
 *   i32 length, first key; i32 length, last key
 */
export class SummaryBuilder {
  private readonly interval: number;
  private readonly entries = new ByteSink(1024);
  private readonly offsets: number[] = [];
  private keys = 0;

  constructor(minIndexInterval: number) {
    this.interval = minIndexInterval;
  }

  add(key: Uint8Array, start: number, end: number, indexPosition: number): void {
    if (this.keys++ % this.interval !== 0) return;
    this.offsets.push(this.entries.position);
    this.entries.append(key, start, end);
    this.entries.i64LittleEndianNumber(indexPosition);
  }

  encode(firstKey: Uint8Array, lastKey: Uint8Array): Uint8Array {
    const offsetBytes = this.offsets.length * 4;
    const sink = new ByteSink(64 + offsetBytes + this.entries.position + firstKey.length + lastKey.length);
    sink.i32(this.interval);
    sink.i32(this.offsets.length);
    sink.i64Number(offsetBytes + this.entries.position);
    sink.i32(FULL_SAMPLING_LEVEL);
    sink.i32(Math.ceil(this.keys / this.interval));
    for (const offset of this.offsets) sink.i32LittleEndian(offset + offsetBytes);
    sink.append(this.entries.view());
    sink.i32(firstKey.length);
    sink.append(firstKey);
    sink.i32(lastKey.length);
    sink.append(lastKey);
    return sink.view();
  }
}
