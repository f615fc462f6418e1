import { invariant } from '../../../errors/index.ts';
import { PartitionHeap, PartitionMerge } from '../../merge/index.ts';
import { ClusteringComparator, Step, type UnfilteredStream } from '../../rows/index.ts';
import { BATCH_BYTES } from '../batch-target.ts';
import { compileFilters } from '../filter-rows.ts';
import { BATCH_ROWS, type RowBatch } from '../row-batch.ts';
import { RowBatcher } from '../row-batcher.ts';
import type { BatchStream, ScanRequest, ScanStatistics } from '../scan-request.ts';
import { TimeSlice } from '../time-slice.ts';
import { VisibleRows } from '../visible-rows.ts';
import { FastBatch } from './fast-batch.ts';
import { inTable, type OpenSegment, type ScanOutput } from './open-segment.ts';
import { Outcome, type RowDecoder } from './row-decoder.ts';
import { Advance, type ScanInput } from './scan-input.ts';

const State = {
  /** Inputs go to stand before their next partitions; then the least key is chosen. */
  CHOOSING: 0,
  /** One run of SSTables has the partition alone: its decoder fills the batch. */
  ALONE: 1,
  /** The streams of the partition's inputs are begun. */
  BEGINNING: 2,
  /** They are reconciled, element by element. */
  MERGING: 3,
  /** Within a partition of several: rows that one run has alone, by its decoder. */
  ROWS_ALONE: 4,
} as const;
type State = (typeof State)[keyof typeof State];

/** Where sources alternate row by row no one looks for rows of one source at every one of them. */
const ROWS_BETWEEN_LOOKS = 8;

/** Partitions or elements between two looks at the clock. */
const CLOCK_INTERVAL = 256;

/**
 * Scans sources whose tokens overlap. Most partitions lie in one of them only: those are decoded as in a `FastScan`, and
 * only those that several hold are reconciled; in these too the decoder reads what rows one source has before the next row
 * of any other, as where a partition was written in the order of its clustering. A batch ends before any window is moved that it may point into.
 */
export class MergeScan implements BatchStream {
  readonly statistics: ScanStatistics;
  private readonly openInputs: (output: ScanOutput) => Promise<readonly ScanInput[]>;
  private readonly output: ScanOutput;
  private readonly batch: FastBatch;
  private readonly batcher: RowBatcher;
  private readonly rows: VisibleRows;
  private readonly merge: PartitionMerge;
  private readonly heap: PartitionHeap<ScanInput> = new PartitionHeap();
  private readonly slice = new TimeSlice();
  private inputs: readonly ScanInput[] | null = null;
  private state: State = State.CHOOSING;
  // Lists that never shrink, beside their counts.
  /** CHOOSING: those whose next partition is not known. */
  private readonly due: ScanInput[] = [];
  private dueCount = 0;
  /** The inputs that have the partition; the first `begunCount` of their streams are begun. */
  private readonly group: ScanInput[] = [];
  private groupCount = 0;
  private begunCount = 0;
  /** ALONE: where the partition begins, uncompressed. */
  private aloneStart = 0;
  /** MERGING: the only stream of the partition, or null for `merge`. */
  private single: UnfilteredStream | null = null;
  /** Between rows of several inputs: until rows of one alone are looked for again. */
  private untilLook = 0;
  /** ROWS_ALONE: the place in the group, and the offset in its window where they end. */
  private rowsOf = 0;
  private rowsStop = 0;
  /** The key of the partition that is reconciled, once rows of one input were found in it. */
  private key: Uint8Array | null = null;
  /** Null when rows of one input need values that others may have: static ones. */
  private readonly comparator: ClusteringComparator | null;
  /** Whose absent columns are null in all rows that the batch has still room for. */
  private clearedFor: OpenSegment | null = null;
  private sinceClock = 0;
  private running = false;
  private closed = false;
  private done = false;

  constructor(
    request: ScanRequest,
    openInputs: (output: ScanOutput) => Promise<readonly ScanInput[]>,
    statistics: ScanStatistics,
  ) {
    this.openInputs = openInputs;
    this.statistics = statistics;
    this.batch = new FastBatch(request.columns);
    const filters = compileFilters(request.columns, request.filters);
    this.output = { request, filters, batch: this.batch, statistics };
    this.batcher = new RowBatcher(request, this.batch);
    this.rows = new VisibleRows(request, this.batcher, statistics);
    const { table, range, columns } = request;
    this.merge = new PartitionMerge(table, range.reversed);
    const hasShared = columns.some(({ column }) => column.kind === 'static');
    this.comparator = hasShared || table.clustering.length === 0 ? null : new ClusteringComparator(table.clustering);
  }

  async next(): Promise<RowBatch | null> {
    this.beginBatch();
    await this.run(this.filling);
    return this.batch.length > 0 ? this.batch : null;
  }

  async countRows(): Promise<number> {
    let counted = 0;
    const noteCount = (decoder: RowDecoder, outcome: Outcome): Outcome => {
      counted += decoder.takeCount();
      return outcome;
    };
    await this.run({
      partition: ({ decoder }, end) => noteCount(decoder, decoder.count(end)),
      rows: ({ decoder }, stop) => noteCount(decoder, decoder.countRows(stop)),
      take: (step) => {
        counted += this.rows.count(step, this.single ?? this.merge);
      },
    });
    return counted;
  }

  close(): void {
    this.closed = true;
    if (!this.running) this.release();
  }

  private readonly filling: Work = {
    partition: (open, end) => {
      const limit = this.beginFill(open);
      return this.noteFilled(open.decoder.fill(end, limit));
    },
    rows: (open, stop) => {
      const limit = this.beginFill(open);
      return this.noteFilled(open.decoder.fillRows(stop, limit));
    },
    take: (step) => {
      this.clearedFor = null;
      this.rows.take(step, this.single ?? this.merge);
    },
  };

  private lengthBefore = 0;

  /** Returns the length that the batch may get. */
  private beginFill(open: OpenSegment): number {
    const { length } = this.batch;
    if (this.clearedFor !== open) {
      open.clearAbsent(length);
      this.clearedFor = open;
    }
    this.lengthBefore = length;
    return Math.min(BATCH_ROWS, length + this.rows.left);
  }

  private noteFilled(outcome: Outcome): Outcome {
    const added = this.batch.length - this.lengthBefore;
    this.rows.left -= added;
    this.statistics.rows += added;
    return outcome;
  }

  /** Goes on until there is a batch or nothing more, loading and resting in between. */
  private async run(work: Work): Promise<void> {
    if (this.closed || this.done) return;
    this.running = true;
    try {
      this.inputs ??= await this.open();
      while (!this.closed) {
        const outcome = this.goOn(work);
        if (outcome === Outcome.BATCH_FULL) return;
        if (outcome === Outcome.END) {
          this.done = true;
          return;
        }
        if (outcome === Outcome.NEED_MORE) {
          if (this.batch.length > 0) return;
          this.beginBatch();
          await this.load();
        }
        if (this.slice.isOver()) await this.slice.rest();
      }
    } catch (error) {
      this.closed = true;
      throw inTable(error, this.output);
    } finally {
      this.running = false;
      for (const input of this.inputs ?? []) input.alone?.noteProgress();
      if (this.closed || this.done) this.release();
    }
  }

  private async open(): Promise<readonly ScanInput[]> {
    const inputs = await this.openInputs(this.output);
    for (const input of inputs) this.due[this.dueCount++] = input;
    return inputs;
  }

  private release(): void {
    this.done = true;
    for (const input of this.inputs ?? []) input.close();
    this.inputs = [];
  }

  private beginBatch(): void {
    this.batcher.beginBatch();
    this.clearedFor = null;
  }

  /** What `goOn` stopped for. */
  private async load(): Promise<void> {
    switch (this.state) {
      case State.CHOOSING:
        await Promise.all(this.due.slice(0, this.dueCount).map((input) => input.load()));
        break;
      case State.ALONE:
        await this.group[0].alone?.slide();
        break;
      case State.BEGINNING:
        await this.group[this.begunCount].stream.load();
        break;
      case State.MERGING:
        await (this.single ?? this.merge).load();
        this.untilLook = 0;
        break;
    }
  }

  private goOn(work: Work): Outcome | 'pause' {
    for (;;) {
      if (this.rows.left === 0) return Outcome.END;
      if (this.batch.length === BATCH_ROWS) return Outcome.BATCH_FULL;
      if (this.batch.arena.used >= BATCH_BYTES) {
        if (this.batch.length > 0) return Outcome.BATCH_FULL;
        // Scratch space filled by rows that the filters refused.
        this.beginBatch();
      }
      if (++this.sinceClock === CLOCK_INTERVAL) {
        this.sinceClock = 0;
        return 'pause';
      }
      switch (this.state) {
        case State.CHOOSING:
          if (!this.advanceDue()) return Outcome.NEED_MORE;
          if (!this.choose()) return Outcome.END;
          break;
        case State.ALONE: {
          const { alone } = this.group[0];
          invariant(alone !== null, 'a partition read alone has a decoder');
          const outcome = work.partition(alone, this.aloneStart + 1 - alone.window.origin);
          if (outcome !== Outcome.END) return outcome;
          this.endAlone();
          break;
        }
        case State.BEGINNING:
          if (!this.beginMerging()) return Outcome.NEED_MORE;
          work.take(Step.PARTITION);
          break;
        case State.ROWS_ALONE: {
          const { alone } = this.group[this.rowsOf];
          invariant(alone !== null, 'rows read alone have a decoder');
          const outcome = work.rows(alone, this.rowsStop);
          if (outcome !== Outcome.END) return outcome;
          this.endRows(alone);
          break;
        }
        case State.MERGING: {
          if (this.beginRows()) break;
          const step = (this.single ?? this.merge).next();
          if (step === Step.NEED_MORE) return Outcome.NEED_MORE;
          work.take(step);
          if (step === Step.STATIC_ROW) this.untilLook = 0;
          if (step === Step.PARTITION_END) this.endMerging();
          break;
        }
      }
    }
  }

  /** Puts every due input before its next partition into the heap; false while one of them has to load. */
  private advanceDue(): boolean {
    const { due, dueCount } = this;
    let waiting = 0;
    for (let i = 0; i < dueCount; i++) {
      const advance = due[i].advance();
      if (advance === Advance.LOAD) due[waiting++] = due[i];
      else if (advance === Advance.READY) this.heap.push(due[i]);
    }
    this.dueCount = waiting;
    return waiting === 0;
  }

  /** Takes the least partition; false when there is none. */
  private choose(): boolean {
    const { heap, group } = this;
    const first = heap.pop();
    if (first === null) return false;
    let count = 0;
    group[count++] = first;
    while (heap.firstEquals(first)) {
      const other = heap.pop();
      if (other !== null) group[count++] = other;
    }
    this.groupCount = count;
    if (count === 1 && first.alone !== null) this.beginAlone(first.alone);
    else {
      this.begunCount = 0;
      this.state = State.BEGINNING;
    }
    return true;
  }

  private beginAlone(open: OpenSegment): void {
    this.state = State.ALONE;
    this.aloneStart = open.position;
    open.decoder.numberFrom(++this.batcher.ordinal);
  }

  /** Partitions of one run often follow each other: the heap is asked, not changed. */
  private endAlone(): void {
    const input = this.group[0];
    const advance = input.advance();
    if (advance === Advance.READY && input.alone !== null && this.heap.isBefore(input)) {
      this.beginAlone(input.alone);
      return;
    }
    this.state = State.CHOOSING;
    if (advance === Advance.READY) this.heap.push(input);
    else if (advance === Advance.LOAD) this.due[this.dueCount++] = input;
  }

  private beginMerging(): boolean {
    while (this.begunCount < this.groupCount) {
      if (!this.group[this.begunCount].beginStream()) return false;
      this.begunCount++;
    }
    this.single = this.groupCount === 1 ? this.group[0].stream : null;
    if (this.single === null) this.merge.begin(this.group, this.groupCount);
    this.state = State.MERGING;
    this.untilLook = 0;
    this.key = null;
    return true;
  }

  /** Leaves the rows to come to the decoder of the one input that has any before all others; false when none has. */
  private beginRows(): boolean {
    if (this.comparator === null || this.single !== null || --this.untilLook > 0) return false;
    const { merge } = this;
    const source = merge.lone();
    const stop = source === -1 ? -1 : this.group[source].beginRows(merge.loneBound, this.comparator);
    if (stop === -1) {
      this.untilLook = ROWS_BETWEEN_LOOKS;
      return false;
    }
    const { alone } = this.group[source];
    invariant(alone !== null, 'rows read alone have a decoder');
    if (this.key === null) {
      const { key, keyStart, keyEnd } = merge.partition;
      this.key = key.slice(keyStart, keyEnd);
    }
    alone.decoder.enterPartition(this.key);
    alone.decoder.numberFrom(this.batcher.ordinal + 1);
    this.rowsOf = source;
    this.rowsStop = stop;
    this.state = State.ROWS_ALONE;
    return true;
  }

  private endRows({ decoder }: OpenSegment): void {
    if (decoder.leavePartition()) this.rows.hasSeenRows();
    this.group[this.rowsOf].endRows();
    this.merge.passed(this.rowsOf);
    this.untilLook = 0;
    this.state = State.MERGING;
  }

  private endMerging(): void {
    this.state = State.CHOOSING;
    for (let i = 0; i < this.groupCount; i++) {
      this.group[i].endStream();
      this.due[this.dueCount++] = this.group[i];
    }
  }
}

/** What is done with rows: they go to the batch, or are counted. */
interface Work {
  /** Of the partition that begins before `end`, an offset in the window; END when it is over. */
  partition(open: OpenSegment, end: number): Outcome;
  /** Of a partition of several inputs, before the offset `stop`; END when they are. */
  rows(open: OpenSegment, stop: number): Outcome;
  /** A step of the reconciled partition. */
  take(step: Step): void;
}
