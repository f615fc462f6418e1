import { Step, type UnfilteredStream } from '../rows/index.ts';
import type { SSTableWriter } from '../sstable/write/sstable-writer.ts';

/** Elements between two looks at the clock. */
const CLOCK_INTERVAL = 64;

/**
 * Where `PartitionCopier.copy` stopped: at the stream's end, where it has to load, when the time was up, or where the next
 * partition belongs into another output.
 */
export type CopyOutcome = 'end' | 'load' | 'time' | 'split';

/** Where one output ends and the next begins. */
export interface SplitRule {
  readonly maxBytes: number;
  /** High half of the first token that the output at hand may not have; null for none. */
  boundary: number | null;
}

/** Copies a stream into SSTable writers, in pieces. Partitions of which nothing is left are not written. */
export class PartitionCopier {
  partitions = 0;
  rows = 0;
  private readonly stream: UnfilteredStream;
  /** The partition at hand has no element in the output yet. */
  private isHeld = false;
  private isWriting = false;
  /** The partition at hand was found and belongs into the next output. */
  private isWaiting = false;
  private sinceClock = 0;

  constructor(stream: UnfilteredStream) {
    this.stream = stream;
  }

  /** `deadline` is of performance.now(); it counts once a partition was finished since `deadline` was set. */
  copy(writer: SSTableWriter, deadline: number, rule: SplitRule, mayStop: () => boolean): CopyOutcome {
    const { stream } = this;
    if (this.isWaiting) {
      this.isWaiting = false;
      this.beginPartition(writer);
    }
    for (;;) {
      if (++this.sinceClock >= CLOCK_INTERVAL) {
        this.sinceClock = 0;
        if (performance.now() >= deadline && mayStop()) return 'time';
      }
      const step = stream.next();
      switch (step) {
        case Step.END:
          return 'end';
        case Step.NEED_MORE:
          return 'load';
        case Step.PARTITION:
          if (writer.partitionCount > 0 && this.isBeyond(writer, rule)) {
            this.isWaiting = true;
            return 'split';
          }
          this.beginPartition(writer);
          break;
        case Step.PARTITION_END:
          if (this.isWriting) writer.endPartition();
          this.isWriting = false;
          this.partitions++;
          break;
        default:
          this.copyElement(writer, step);
      }
    }
  }

  private isBeyond(writer: SSTableWriter, rule: SplitRule): boolean {
    return (
      writer.fileBytes >= rule.maxBytes || (rule.boundary !== null && this.stream.partition.tokenHi >= rule.boundary)
    );
  }

  private beginPartition(writer: SSTableWriter): void {
    this.isHeld = true;
    if (!this.stream.partition.deletion.isLive()) this.open(writer);
  }

  private copyElement(writer: SSTableWriter, step: Step): void {
    const { stream } = this;
    if (step !== Step.MARKER && stream.row.isEmpty()) return;
    if (this.isHeld) this.open(writer);
    this.rows++;
    if (step === Step.MARKER) writer.addMarker(stream.marker);
    else if (step === Step.STATIC_ROW) writer.addStaticRow(stream.row);
    else writer.addRow(stream.row);
  }

  private open(writer: SSTableWriter): void {
    const { key, keyStart, keyEnd, tokenHi, tokenLo, deletion } = this.stream.partition;
    writer.startPartition(key, keyStart, keyEnd, tokenHi, tokenLo, deletion);
    this.isHeld = false;
    this.isWriting = true;
  }
}
