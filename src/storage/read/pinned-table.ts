import { int64 } from '../../bytes/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import { ChainedStream, closeStreams, EmptyStream, mergeStreams, openStreams } from '../merge/index.ts';
import { ClusteringComparator, type ReadRange, type UnfilteredStream } from '../rows/index.ts';
import { FastScan } from '../scan/fast/fast-scan.ts';
import { MergeScan } from '../scan/fast/merge-scan.ts';
import type { ScanOutput, ScanSegment } from '../scan/fast/open-segment.ts';
import { type ScanInput, SSTableRun, StreamInput } from '../scan/fast/scan-input.ts';
import {
  type BatchStream,
  type FragmentSource,
  newScanStatistics,
  type ScanRequest,
  type ScanStatistics,
  StreamScan,
  type TableSource,
} from '../scan/index.ts';
import { PrimedStream } from './primed-stream.ts';
import { groupIntoRuns, type Selected, selectSSTables } from './select-sstables.ts';
import type { SSTableSource } from './sstable-source.ts';

export interface PinnedTableOptions {
  readonly table: TableMetadata;
  /** Oldest first. */
  readonly sstables: readonly SSTableSource[];
  /** Unflushed data, oldest first; always part of a read. */
  readonly memtables?: readonly FragmentSource[];
  /** See `ScanRequest.strictLiveness`. */
  readonly strictLiveness?: boolean;
  readonly onRelease?: () => void;
}

/** A set of memtables and SSTables of one table, read as one. Nothing in the set changes while it is pinned. */
export class PinnedTable implements TableSource {
  readonly table: TableMetadata;
  private readonly options: PinnedTableOptions;
  private readonly comparator: ClusteringComparator;
  private isReleased = false;

  constructor(options: PinnedTableOptions) {
    this.table = options.table;
    this.options = options;
    this.comparator = new ClusteringComparator(options.table.clustering);
  }

  scan(request: ScanRequest): BatchStream {
    const asked = { ...request, strictLiveness: this.options.strictLiveness ?? false };
    return this.fastScan(asked) ?? this.streamScan(asked);
  }

  async stream(range: ReadRange, statistics: ScanStatistics = newScanStatistics()): Promise<UnfilteredStream> {
    const { sstables, memtables = [] } = this.options;
    const selected = selectSSTables(sstables, range, this.comparator, statistics);
    noteBytes(selected, range, statistics);
    const onePartition = range.partitions.kind === 'keys' && range.partitions.keys.length === 1;
    const streams = await openStreams(memtables.map((memtable) => () => memtable.stream(range)));
    try {
      if (onePartition && selected.length > 1) streams.push(...(await openNewestFirst(selected, statistics)));
      else streams.push(...(await openRuns(groupIntoRuns(selected), statistics)));
    } catch (error) {
      closeStreams(streams);
      throw error;
    }
    return streams.length === 0 ? new EmptyStream(this.table, range.reversed) : mergeStreams(streams);
  }

  sources(): readonly FragmentSource[] {
    return [...this.options.sstables, ...(this.options.memtables ?? [])];
  }

  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    this.options.onRelease?.();
  }

  private streamScan(request: ScanRequest): BatchStream {
    const statistics = newScanStatistics();
    return new StreamScan(request, () => this.stream(request.range, statistics), statistics);
  }

  /** A scan that reconciles as little as there is to reconcile; null when the request is not plain, or there are no SSTables. */
  private fastScan(request: ScanRequest): BatchStream | null {
    const { memtables = [], sstables } = this.options;
    if (request.range.partitions.kind === 'keys') return null;
    const statistics = newScanStatistics();
    const selected = selectSSTables(sstables, request.range, this.comparator, statistics);
    if (selected.length === 0) return null;
    noteBytes(selected, request.range, statistics);
    const runs: ScanSegment[][] = [];
    for (const run of groupIntoRuns(selected)) {
      const segments = run.map(({ sstable }) => sstable.segment(request, statistics));
      if (!segments.every((segment) => segment !== null)) return null;
      runs.push(segments);
    }
    if (runs.length === 1 && memtables.length === 0) return new FastScan(request, runs[0], statistics);
    const openInputs = async (output: ScanOutput): Promise<ScanInput[]> => {
      const streams = await openStreams(memtables.map((memtable) => () => memtable.stream(request.range)));
      const windowBytes = windowBytesOf(runs.length);
      return [
        ...streams.map((stream) => new StreamInput(stream)),
        ...runs.map((segments) => new SSTableRun(segments, output, windowBytes)),
      ];
    };
    return new MergeScan(request, openInputs, statistics);
  }
}

function noteBytes(selected: readonly Selected<SSTableSource>[], range: ReadRange, statistics: ScanStatistics): void {
  if (range.partitions.kind !== 'all' || range.slices !== null) return;
  for (const { sstable } of selected) statistics.bytesToRead += sstable.dataBytes;
}

/**
 * Streams of the one partition asked for, from the SSTable with the newest data to the oldest, until what is left is older
 * than a deletion of the whole partition that was met (`SinglePartitionReadCommand`, 5.0.8).
 */
async function openNewestFirst(
  selected: readonly Selected<SSTableSource>[],
  statistics: ScanStatistics,
): Promise<UnfilteredStream[]> {
  const streams: UnfilteredStream[] = [];
  const sorted = [...selected].sort((a, b) => Number(b.sstable.maxTimestampMicros - a.sstable.maxTimestampMicros));
  let deletedMicros: bigint | null = null;
  try {
    for (const [i, { sstable, range }] of sorted.entries()) {
      if (deletedMicros !== null && sstable.maxTimestampMicros <= deletedMicros) {
        statistics.sstables -= sorted.length - i;
        statistics.sstablesSkipped += sorted.length - i;
        break;
      }
      const stream = await PrimedStream.of(await sstable.stream(range, statistics));
      if (stream === null) continue;
      streams.push(stream);
      const { deletion } = stream.partition;
      if (deletion.isLive()) continue;
      const micros = int64.toBigInt(deletion.hi, deletion.lo);
      if (deletedMicros === null || micros > deletedMicros) deletedMicros = micros;
    }
  } catch (error) {
    closeStreams(streams);
    throw error;
  }
  return streams;
}

function openRuns(
  runs: readonly (readonly Selected<SSTableSource>[])[],
  statistics: ScanStatistics,
): Promise<UnfilteredStream[]> {
  const windowBytes = windowBytesOf(runs.length);
  return openStreams(runs.map((run) => () => openRun(run, statistics, windowBytes)));
}

async function openRun(
  run: readonly Selected<SSTableSource>[],
  statistics: ScanStatistics,
  windowBytes: number,
): Promise<UnfilteredStream> {
  const [first, ...rest] = run.map(
    ({ sstable, range }) =>
      () =>
        sstable.stream(range, statistics, windowBytes),
  );
  return rest.length === 0 ? first() : new ChainedStream(await first(), rest);
}

function windowBytesOf(runs: number): number {
  return Math.max(MIN_WINDOW_BYTES, Math.min(MAX_WINDOW_BYTES, Math.floor(WINDOWS_BYTES / runs)));
}

/** The windows of all runs of one merge share this; each has two of its size, and stored bytes read ahead. */
const WINDOWS_BYTES = 16 * 1024 * 1024;
const MAX_WINDOW_BYTES = 1024 * 1024;
const MIN_WINDOW_BYTES = 64 * 1024;
