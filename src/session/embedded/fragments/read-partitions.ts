import { compareUnsigned, int64 } from '../../../bytes/index.ts';
import type { TableMetadata } from '../../../schema/model/index.ts';
import { type Partition, type ReadRange, readAll, Step, type UnfilteredStream } from '../../../storage/rows/index.ts';
import { type FragmentSource, type StorageReader, TimeSlice } from '../../../storage/scan/index.ts';

/** Takes what the sources have of one partition, source by source; `finish` gives what was made of it. */
export interface PartitionCollector<T> {
  begin(source: FragmentSource, partition: Partition): void;
  element(step: Step, stream: UnfilteredStream): void;
  finish(): T;
}

export interface PartitionsRequest {
  readonly reader: StorageReader;
  readonly table: TableMetadata;
  /** All of them when absent. */
  readonly range?: ReadRange;
  readonly isClosed: () => boolean;
  /** Which sources are read: all when absent. */
  readonly which?: (source: FragmentSource) => boolean;
}

/**
 * The partitions of a table in token order, each with what every source has of it: memory is that of one partition.
 * `isClosed` is asked between partitions and between blocks; once it says so the iteration ends.
 */
export async function* readPartitions<T>(
  { reader, table, range = readAll, isClosed, which = () => true }: PartitionsRequest,
  collectorOf: () => PartitionCollector<T>,
): AsyncGenerator<T> {
  const pinned = reader.open(table);
  const cursors: SourceCursor[] = [];
  const slice = new TimeSlice();
  try {
    for (const source of pinned.sources().filter(which)) {
      const cursor = new SourceCursor(source, await source.stream(range));
      cursors.push(cursor);
      await cursor.advance();
    }
    while (!isClosed()) {
      const first = firstPartition(cursors);
      if (first === null) return;
      const collector = collectorOf();
      // The first may move on before the others are compared with it.
      const here = cursors.filter((cursor) => !cursor.isDone && compare(cursor.partition, first) === 0);
      for (const cursor of here) {
        collector.begin(cursor.source, cursor.partition);
        await cursor.collect(collector, slice, isClosed);
      }
      for (const cursor of here) await cursor.advance();
      if (!isClosed()) yield collector.finish();
    }
  } finally {
    for (const cursor of cursors) cursor.close();
    pinned.release();
  }
}

function firstPartition(cursors: readonly SourceCursor[]): Partition | null {
  let first: Partition | null = null;
  for (const cursor of cursors) {
    if (!cursor.isDone && (first === null || compare(cursor.partition, first) < 0)) first = cursor.partition;
  }
  return first;
}

function compare(a: Partition, b: Partition): number {
  return (
    int64.compare(a.tokenHi, a.tokenLo, b.tokenHi, b.tokenLo) ||
    compareUnsigned(a.key, a.keyStart, a.keyEnd, b.key, b.keyStart, b.keyEnd)
  );
}

const ELEMENTS_BETWEEN_LOOKS = 256;

/** One source's stream, which stands at a partition. */
class SourceCursor {
  readonly source: FragmentSource;
  isDone = false;
  private readonly stream: UnfilteredStream;

  constructor(source: FragmentSource, stream: UnfilteredStream) {
    this.source = source;
    this.stream = stream;
  }

  get partition(): Partition {
    return this.stream.partition;
  }

  /** To the next partition. */
  async advance(): Promise<void> {
    for (;;) {
      const step = this.stream.next();
      if (step === Step.NEED_MORE) await this.stream.load();
      else if (step === Step.PARTITION) return;
      else if (step === Step.END) {
        this.isDone = true;
        return;
      }
    }
  }

  /** The elements of the partition, to its end. */
  async collect(collector: PartitionCollector<unknown>, slice: TimeSlice, isClosed: () => boolean): Promise<void> {
    for (let elements = 1; ; elements++) {
      const step = this.stream.next();
      if (step === Step.NEED_MORE) {
        await this.stream.load();
        if (isClosed()) return;
      } else {
        collector.element(step, this.stream);
        if (step === Step.PARTITION_END) break;
      }
      if (elements % ELEMENTS_BETWEEN_LOOKS !== 0 || !slice.isOver()) continue;
      await slice.rest();
      if (isClosed()) return;
    }
    if (slice.isOver()) await slice.rest();
  }

  close(): void {
    this.stream.close();
  }
}
