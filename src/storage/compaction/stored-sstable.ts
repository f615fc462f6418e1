import { int64 } from '../../bytes/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import type { FileSystem } from '../files/index.ts';
import { SSTableSource } from '../read/sstable-source.ts';
import { openSSTableSync, type SSTableReader } from '../sstable/sstable-reader.ts';
import type { CompactionCandidate } from './merge-policy.ts';

/** An SSTable of the database: a source of reads, and a candidate of compaction. */
export class StoredSSTable extends SSTableSource implements CompactionCandidate {
  readonly bytes: number;
  readonly createdMillis: number;

  constructor(reader: SSTableReader, createdMillis: number) {
    super(reader);
    this.bytes = reader.dataBytes;
    this.createdMillis = createdMillis;
  }

  /** Created, unless the caller knows better, when Data.db was last written (`SSTableReader.getDataCreationTime`). */
  static open(files: FileSystem, path: string, table: TableMetadata, createdMillis?: number): StoredSSTable {
    return new StoredSSTable(openSSTableSync(files, path, { table }), createdMillis ?? files.modifiedMillis(path));
  }

  get path(): string {
    return this.reader.dataPath;
  }

  get baseName(): string {
    return this.reader.descriptor.baseName;
  }

  get estimatedKeys(): number {
    return this.reader.estimatedKeys;
  }

  get level(): number {
    return this.reader.statistics.stats.level;
  }

  get oldestMicros(): number {
    return Number(this.reader.statistics.stats.minTimestampMicros);
  }

  get newestMicros(): number {
    return Number(this.reader.statistics.stats.maxTimestampMicros);
  }

  get maxLocalSeconds(): number {
    return this.reader.statistics.stats.maxLocalSeconds;
  }

  /** Tombstones of the histogram before the time, through all cells (`SSTableReader.getEstimatedDroppableTombstoneRatio`). */
  droppableRatio(gcBeforeSeconds: number): number {
    const { tombstoneDropTimes, cellsPerPartition } = this.reader.statistics.stats;
    let droppable = 0;
    tombstoneDropTimes.localSeconds.forEach((seconds, i) => {
      if (seconds < gcBeforeSeconds) droppable += tombstoneDropTimes.counts[i];
    });
    let cells = 0;
    cellsPerPartition.counts.forEach((count, i) => {
      cells += count * (cellsPerPartition.offsets[Math.min(i, cellsPerPartition.offsets.length - 1)] ?? 0);
    });
    return cells === 0 ? 0 : droppable / cells;
  }

  /** Whether the least timestamp in it is at or before this one. */
  hasAtOrBefore(hi: number, lo: number): boolean {
    const { minTimestampMicros } = this.reader.statistics.stats;
    return int64.compare(int64.hiOf(minTimestampMicros), int64.loOf(minTimestampMicros), hi, lo) <= 0;
  }

  close(): void {
    this.reader.close();
  }
}
