import { murmur3, murmur3Token, type Token } from '../../bytes/index.ts';
import { invariant } from '../../errors/index.ts';
import type { DecoratedKey, PartitionRange, ReadRange, Slice, UnfilteredStream } from '../rows/index.ts';
import type { ScanSegment } from '../scan/fast/open-segment.ts';
import { compileRowLayout } from '../scan/fast/row-layout.ts';
import {
  type FragmentFacts,
  type FragmentSource,
  newScanStatistics,
  type ScanRequest,
  type ScanStatistics,
} from '../scan/index.ts';
import type { EstimatedCounts } from '../sstable/components/statistics/statistics.ts';
import { partitionPlan } from '../sstable/data/partition-plan.ts';
import type { SSTableReader } from '../sstable/sstable-reader.ts';
import { knownRows } from './known-rows.ts';
import type { SSTableSummary } from './select-sstables.ts';

/** An open SSTable as a source of reads. Tokens are computed when two sources must be compared: they may cost an index. */
export class SSTableSource implements SSTableSummary, FragmentSource {
  readonly reader: SSTableReader;
  private first: Token | null = null;
  private last: Token | null = null;
  private readonly hash = new Int32Array(4);

  constructor(reader: SSTableReader) {
    this.reader = reader;
  }

  get name(): string {
    return this.reader.dataPath;
  }

  get firstToken(): Token {
    this.first ??= murmur3Token(this.reader.firstKey);
    return this.first;
  }

  get lastToken(): Token {
    this.last ??= murmur3Token(this.reader.lastKey);
    return this.last;
  }

  /** On disk. */
  get dataBytes(): number {
    return this.reader.dataBytes;
  }

  get maxTimestampMicros(): bigint {
    return this.reader.statistics.stats.maxTimestampMicros;
  }

  get coveredClustering(): Slice | null {
    return this.reader.statistics.stats.coveredClustering;
  }

  get hasPartitionLevelDeletions(): boolean {
    return this.reader.statistics.stats.hasPartitionLevelDeletions;
  }

  get hasStaticColumns(): boolean {
    return this.reader.header.statics.length > 0;
  }

  mayContain(key: DecoratedKey): boolean {
    murmur3(key.key, 0, key.key.length, this.hash);
    return this.reader.mayContain(this.hash);
  }

  /** `maxWindowBytes` bounds the memory of one of many sources that are read at once. */
  async stream(
    range: ReadRange,
    statistics: ScanStatistics = newScanStatistics(),
    maxWindowBytes?: number,
  ): Promise<UnfilteredStream> {
    return this.reader.stream(range, statistics, { maxWindowBytes });
  }

  facts(): FragmentFacts {
    const { dataBytes, estimatedKeys, statistics, firstKey, lastKey } = this.reader;
    const { totalRows, totalColumnsSet, tombstoneDropTimes, partitionSizes, ...stats } = statistics.stats;
    return {
      bytes: dataBytes,
      estimatedPartitions: estimatedKeys,
      largestPartitionBytes: largestOf(partitionSizes),
      rows: totalRows,
      cells: totalColumnsSet,
      tombstones: tombstoneDropTimes.counts.reduce((sum, count) => sum + count, 0),
      minTimestampMicros: stats.minTimestampMicros,
      maxTimestampMicros: stats.maxTimestampMicros,
      level: stats.level,
      repairedAtMillis: stats.repairedAtMillis,
      firstKey,
      lastKey,
    };
  }

  diskBytes(): number {
    return this.reader.diskBytes();
  }

  /** For scans that decode what need not be reconciled straight into batches; null when the request or the file is not plain enough. */
  segment(request: ScanRequest, statistics: ScanStatistics): ScanSegment | null {
    const { reader } = this;
    const layout = compileRowLayout(reader.table, reader.header, reader.version.hasUintDeletionTime, request);
    if (layout === null) return null;
    const { start, end } = this.positionsOf(request.range.partitions);
    const rows = knownRows(reader, request);
    return {
      file: this.name,
      layout,
      start,
      end,
      knownRows: rows,
      openWindow: (maxBytes) => reader.window(statistics, true, maxBytes),
      openStream: (window) => reader.streamIn(window),
    };
  }

  private positionsOf(partitions: PartitionRange): { readonly start: number; readonly end: number } {
    const { reader } = this;
    invariant(partitions.kind !== 'keys', 'keys are read through the index');
    const plan = partitionPlan(
      partitions,
      reader.dataLength,
      () => reader.index(),
      () => null,
    );
    return plan.next() ?? { start: 0, end: 0 };
  }
}

/** `EstimatedHistogram.max`, 5.0.8: the upper end of the last part that has any. */
function largestOf({ offsets, counts }: EstimatedCounts): number {
  for (let i = counts.length - 1; i >= 0; i--) if (counts[i] > 0) return offsets[i];
  return 0;
}
