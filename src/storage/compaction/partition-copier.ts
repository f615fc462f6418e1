import { Step, type UnfilteredStream } from '../rows/index.ts';
import type { SSTableWriter } from '../sstable/write/sstable-writer.ts';
import type { Clock } from './expected-time.ts';

/** Time between two looks at the clock, about: a deadline is overrun by no more. */
const LOOK_MILLIS = 0.1;
const MAX_ELEMENTS_A_LOOK = 64;

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
  private readonly clock: Clock;
  /** Elements from one look at the clock to the next: code that just began to run is a hundred times as slow. */
  private elementsPerLook = 1;
  private sinceLook = 0;
  private lookedAt = 0;

  constructor(stream: UnfilteredStream, clock: Clock) {
    this.stream = stream;
    this.clock = clock;
  }

  /** Stops at `deadline`, or after it as soon as `mayStop`, which only the end of a partition changes. */
  copy(writer: SSTableWriter, deadline: number, rule: SplitRule, mayStop: () => boolean): CopyOutcome {
    const { stream } = this;
    this.lookedAt = this.clock();
    let isOver = this.lookedAt >= deadline;
    if (this.isWaiting) {
      this.isWaiting = false;
      this.beginPartition(writer);
    }
    for (;;) {
      if (++this.sinceLook >= this.elementsPerLook) {
        isOver = this.look() >= deadline;
        if (isOver && mayStop()) return 'time';
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
          if (isOver && mayStop()) return 'time';
          break;
        default:
          this.copyElement(writer, step);
      }
    }
  }

  private look(): number {
    const now = this.clock();
    const passed = now - this.lookedAt;
    if (passed > LOOK_MILLIS) this.elementsPerLook = Math.max(1, this.elementsPerLook >> 1);
    else if (passed < LOOK_MILLIS / 2) this.elementsPerLook = Math.min(MAX_ELEMENTS_A_LOOK, this.elementsPerLook * 2);
    this.sinceLook = 0;
    this.lookedAt = now;
    return now;
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
