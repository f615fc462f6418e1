import { compareUnsigned, int64, murmur3TokenInto } from '../../../bytes/index.ts';
import { CorruptionError } from '../../../errors/index.ts';
import type { File } from '../../files/file-system.ts';
import type { DecoratedKey } from '../../rows/index.ts';
import type { Summary } from '../components/summary/read.ts';
import { newReadCounters, type ReadCounters } from '../data/read-counters.ts';
import type { IndexedPartition, PartitionEntry, PartitionIndex, RingPlace } from '../partition-index.ts';
import { BigRowIndex, type RowIndexFormat } from './big-row-index.ts';
import { IndexFileReader } from './index-file-reader.ts';

/** Sequential passes read this much at once. */
const PASS_BUFFER_BYTES = 256 * 1024;

/**
 * Index.db behind its summary: a look-up finds the last sampled key before it by binary search, then walks over Index.db
 * from there. Without a summary (Cassandra too makes one anew) the whole of Index.db is sampled once.
 */
export class BigPartitionIndex implements PartitionIndex {
  readonly estimatedKeys: number;
  private readonly file: File;
  private readonly format: RowIndexFormat;
  private readonly counters: ReadCounters = newReadCounters();
  private readonly reader: IndexFileReader;
  private readonly token = new Int32Array(4);
  private sample: Summary | null;

  constructor(file: File, summary: Summary | null, format: RowIndexFormat, estimatedKeys: number) {
    this.file = file;
    this.sample = summary;
    this.format = format;
    this.estimatedKeys = estimatedKeys;
    this.reader = new IndexFileReader(file, this.counters);
  }

  get bytesRead(): number {
    return this.counters.bytesRead;
  }

  get blocksRead(): number {
    return this.counters.blocks;
  }

  get firstKey(): Uint8Array {
    return this.summary().firstKey;
  }

  get lastKey(): Uint8Array {
    return this.summary().lastKey;
  }

  /** The key is behind the last sample that is not behind it, or nowhere: its bytes tell, and no token is computed. */
  find({ token, key }: DecoratedKey): PartitionEntry | null {
    const { reader } = this;
    const summary = this.summary();
    const sample = this.sampleBefore({ token, key, side: 'after' });
    const end = sample + 1 < summary.count ? summary.positions[sample + 1] : Number.POSITIVE_INFINITY;
    const start = summary.count === 0 ? 0 : summary.positions[sample];
    for (let position = start; position < end && reader.readEntry(position); position = reader.nextEntry) {
      if (reader.keyEnd - reader.keyStart !== key.length) continue;
      if (compareUnsigned(reader.bytes, reader.keyStart, reader.keyEnd, key, 0, key.length) === 0) {
        return this.entry(reader);
      }
    }
    return null;
  }

  ceiling(place: RingPlace): PartitionEntry | null {
    return this.seek(place) ? this.entry(this.reader) : null;
  }

  *entries(): Iterable<IndexedPartition> {
    const reader = new IndexFileReader(this.file, this.counters, PASS_BUFFER_BYTES);
    for (let position = 0; reader.readEntry(position); position = reader.nextEntry) {
      yield { key: reader.key(), ...this.entry(reader) };
    }
  }

  *entriesBackward(): Iterable<IndexedPartition> {
    const summary = this.summary();
    const reader = new IndexFileReader(this.file, this.counters);
    let end = Number.POSITIVE_INFINITY;
    for (let i = summary.count - 1; i >= 0; i--) {
      const starts: number[] = [];
      for (let position = summary.positions[i]; position < end; position = reader.nextEntry) {
        if (!reader.readEntry(position)) break;
        starts.push(position);
      }
      for (let n = starts.length - 1; n >= 0; n--) {
        reader.readEntry(starts[n]);
        yield { key: reader.key(), ...this.entry(reader) };
      }
      end = summary.positions[i];
    }
  }

  close(): void {
    this.file.closeSync();
  }

  /** The last sample that is not behind the place; the first when all are. */
  private sampleBefore(place: RingPlace): number {
    const summary = this.summary();
    let low = 0;
    let high = summary.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.isBehind(summary.bytes, summary.keyStart[middle], summary.keyEnd[middle], place)) high = middle - 1;
      else low = middle;
    }
    return low;
  }

  /** The reader stands on the first entry behind the place; false when there is none. */
  private seek(place: RingPlace): boolean {
    const { reader } = this;
    const summary = this.summary();
    const start = summary.count === 0 ? 0 : summary.positions[this.sampleBefore(place)];
    for (let position = start; reader.readEntry(position); position = reader.nextEntry) {
      if (this.isBehind(reader.bytes, reader.keyStart, reader.keyEnd, place)) return true;
    }
    return false;
  }

  private isBehind(bytes: Uint8Array, start: number, end: number, place: RingPlace): boolean {
    murmur3TokenInto(bytes, start, end, this.token);
    const order = int64.compare(this.token[0], this.token[1], place.token.hi, place.token.lo);
    if (order !== 0) return order > 0;
    if (place.key === undefined) return place.side === 'before';
    const keyOrder = compareUnsigned(bytes, start, end, place.key, 0, place.key.length);
    return keyOrder > 0 || (keyOrder === 0 && place.side === 'before');
  }

  private entry(reader: IndexFileReader): PartitionEntry {
    const { dataPosition, rowIndexBytes, rowIndexStart } = reader;
    if (rowIndexBytes === 0) return { dataPosition, rowIndex: null };
    return { dataPosition, rowIndex: new BigRowIndex(reader.rowIndex(), this.format, rowIndexStart) };
  }

  private summary(): Summary {
    this.sample ??= sampleIndex(new IndexFileReader(this.file, this.counters, PASS_BUFFER_BYTES), this.file.path);
    return this.sample;
  }
}

const SAMPLE_INTERVAL = 128;

function sampleIndex(reader: IndexFileReader, file: string): Summary {
  const keys: Buffer[] = [];
  const positions: number[] = [];
  let firstKey: Buffer | null = null;
  let lastKey: Buffer | null = null;
  let count = 0;
  for (let position = 0; reader.readEntry(position); position = reader.nextEntry) {
    lastKey = reader.key();
    firstKey ??= lastKey;
    if (count++ % SAMPLE_INTERVAL !== 0) continue;
    keys.push(lastKey);
    positions.push(position);
  }
  if (firstKey === null || lastKey === null) throw new CorruptionError('the index has no entries', { file, offset: 0 });
  const keyStart = new Float64Array(keys.length);
  const keyEnd = new Float64Array(keys.length);
  let at = 0;
  keys.forEach((key, i) => {
    keyStart[i] = at;
    at += key.length;
    keyEnd[i] = at;
  });
  return {
    minIndexInterval: SAMPLE_INTERVAL,
    samplingLevel: SAMPLE_INTERVAL,
    entriesAtFullSampling: keys.length,
    count: keys.length,
    bytes: Buffer.concat(keys),
    keyStart,
    keyEnd,
    positions: Float64Array.from(positions),
    firstKey,
    lastKey,
  };
}
