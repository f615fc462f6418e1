import { Step, type UnfilteredStream } from '../rows/index.ts';
import type { SSTableWriter } from '../sstable/write/sstable-writer.ts';

/** Elements between two looks at the clock. */
const CLOCK_INTERVAL = 64;

/** Where `PartitionCopier.copy` stopped. */
export type CopyOutcome = 'end' | 'load' | 'time' | 'partition';

/**
 * Copies a stream into SSTable writers, in pieces: flush, compaction and export are this. Partitions of which nothing is
 * left are not written.
 */
export class PartitionCopier {
  partitions = 0;
  rows = 0;
  private readonly stream: UnfilteredStream;
  private isHeld = false;
  private isInPartition = false;
  private sinceClock = 0;

  constructor(stream: UnfilteredStream) {
    this.stream = stream;
  }

  /**
   * Copies until the stream's end or need to load, until `deadline` (of performance.now), or, when `stopAtBytes` were
   * written, until the partition ends. `load` asks the caller to await `stream.load()`.
   */
  copy(writer: SSTableWriter, deadline: number, stopAtBytes = Number.POSITIVE_INFINITY): CopyOutcome {
    const { stream } = this;
    for (;;) {
      if (++this.sinceClock >= CLOCK_INTERVAL) {
        this.sinceClock = 0;
        if (performance.now() >= deadline) return 'time';
      }
      const step = stream.next();
      switch (step) {
        case Step.END:
          return 'end';
        case Step.NEED_MORE:
          return 'load';
        case Step.PARTITION:
          this.isHeld = stream.partition.deletion.isLive();
          if (!this.isHeld) this.begin(writer);
          break;
        case Step.PARTITION_END:
          if (!this.isInPartition) break;
          writer.endPartition();
          this.isInPartition = false;
          if (writer.fileBytes >= stopAtBytes) return 'partition';
          break;
        default:
          if (step !== Step.MARKER && stream.row.isEmpty()) break;
          if (this.isHeld) this.begin(writer);
          if (step === Step.MARKER) writer.addMarker(stream.marker);
          else if (step === Step.STATIC_ROW) writer.addStaticRow(stream.row);
          else writer.addRow(stream.row);
          this.rows++;
      }
    }
  }

  /** Whether a partition is half written. */
  get isWithinPartition(): boolean {
    return this.isInPartition;
  }

  private begin(writer: SSTableWriter): void {
    const { key, keyStart, keyEnd, tokenHi, tokenLo, deletion } = this.stream.partition;
    writer.startPartition(key, keyStart, keyEnd, tokenHi, tokenLo, deletion);
    this.isHeld = false;
    this.isInPartition = true;
    this.partitions++;
  }
}
