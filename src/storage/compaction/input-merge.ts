import type { TableMetadata } from '../../schema/model/index.ts';
import type { FileSystem } from '../files/index.ts';
import { ChainedStream, mergeStreams, openStreams, PurgedStream } from '../merge/index.ts';
import { groupIntoRuns } from '../read/index.ts';
import { readAll, type UnfilteredStream } from '../rows/index.ts';
import { newScanStatistics, type ScanStatistics } from '../scan/index.ts';
import { unknownProvenance } from '../sstable/components/statistics/write.ts';
import { type SSTableDescription, SSTableWriter, type SSTableWriterOptions } from '../sstable/write/sstable-writer.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';
import type { Clock, ExpectedTime } from './expected-time.ts';
import type { CompactionTask } from './merge-policy.ts';
import { type OutputEncoding, outputEncoding, sharesEncoding } from './output-encoding.ts';
import { PartitionCopier, type SplitRule } from './partition-copier.ts';
import { type OutsideData, PurgeRule } from './purge-rule.ts';
import type { StoredSSTable } from './stored-sstable.ts';

export interface MergeTarget {
  readonly files: FileSystem;
  readonly table: TableMetadata;
  readonly directory: string;
  readonly version: WriteVersion;
  readonly hostId: string;
  readonly outside: OutsideData;
  readonly strictLiveness: boolean;
  readonly nowSeconds: number;
  readonly clock: Clock;
  /** How long pieces take that a deadline cannot cut. */
  readonly pieces: PieceTimes;
  /** The id of the next output, which the transaction's log then has: its files may be made. */
  readonly openOutput: () => Promise<string>;
}

export interface PieceTimes {
  /** A sync with what belongs to it. */
  readonly sync: ExpectedTime;
  /** Reading and decompressing the next windows of the inputs. */
  readonly load: ExpectedTime;
}

/** What a run did until now. */
export interface CompactionProgress {
  readonly partitions: number;
  readonly rows: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly inputBytes: number;
}

/** Inputs on their way into outputs, on this thread or on another. */
export interface Merge {
  readonly progress: CompactionProgress;
  /** What was merged is written, synced and in `outputs`; the inputs are not needed any more. */
  readonly isFinished: boolean;
  readonly outputs: readonly SSTableDescription[];
  /**
   * Merges until `deadline`, and unless the caller `hasWorked` at least one partition or one piece of an output's end.
   * False when it did neither.
   */
  step(deadline: number, hasWorked: boolean): Promise<boolean>;
  /** Gives up; files of outputs may stay. */
  abort(): Promise<void>;
}

/** Loading a window cannot be cut: it takes a millisecond or less. */
const WINDOW_BYTES = 256 * 1024;
const TOKEN_HIGH_VALUES = 2 ** 32;

/** Merges the inputs of a task on this thread, in steps. */
export class InputMerge implements Merge {
  isFinished = false;
  readonly outputs: SSTableDescription[] = [];
  private readonly task: CompactionTask<StoredSSTable>;
  private readonly target: MergeTarget;
  private readonly stream: UnfilteredStream;
  private readonly copier: PartitionCopier;
  private readonly statistics: ScanStatistics;
  private readonly rule: SplitRule;
  private readonly encoding: OutputEncoding;
  private writer: SSTableWriter | null = null;
  /** An output that has all it will have, and is being ended. */
  private full: SSTableWriter | null = null;
  private isCopied = false;
  private mustLoad = false;
  private shard = 0;

  private constructor(
    target: MergeTarget,
    task: CompactionTask<StoredSSTable>,
    stream: UnfilteredStream,
    statistics: ScanStatistics,
    encoding: OutputEncoding,
  ) {
    this.target = target;
    this.task = task;
    this.stream = stream;
    this.statistics = statistics;
    this.copier = new PartitionCopier(stream, target.clock);
    this.rule = { maxBytes: task.maxOutputBytes, boundary: this.nextBoundary() };
    this.encoding = encoding;
  }

  static async start(target: MergeTarget, task: CompactionTask<StoredSSTable>): Promise<InputMerge> {
    const statistics = newScanStatistics();
    const encoding = outputEncoding(target.table, target.version, task.inputs);
    const stream = await openInputs(target, task, statistics, encoding);
    return new InputMerge(target, task, stream, statistics, encoding);
  }

  get progress(): CompactionProgress {
    const written = this.outputs.reduce((sum, output) => sum + output.dataBytes, 0);
    return {
      partitions: this.copier.partitions,
      rows: this.copier.rows,
      bytesRead: this.statistics.bytesRead,
      bytesWritten: written + (this.writer?.fileBytes ?? this.full?.fileBytes ?? 0),
      inputBytes: this.task.inputs.reduce((sum, input) => sum + input.bytes, 0),
    };
  }

  async step(deadline: number, hasWorked: boolean): Promise<boolean> {
    const { copier } = this;
    const { clock, pieces } = this.target;
    const before = copier.partitions;
    let didPieces = false;
    const didWork = (): boolean => didPieces || copier.partitions > before;
    const mayStop = (): boolean => hasWorked || didWork();
    /** False, and not done, where it would take too long. */
    const didPiece = async (time: ExpectedTime, piece: () => Promise<void>): Promise<boolean> => {
      if (mayStop() && !time.fits(deadline)) return false;
      await time.measure(piece);
      return true;
    };
    do {
      const { full } = this;
      if (full !== null) {
        if (!(await didPiece(pieces.sync, () => this.finishFull(full)))) break;
        didPieces = true;
      } else if (this.isCopied) this.finish();
      else if (this.mustLoad) {
        if (!(await didPiece(pieces.load, () => this.load()))) break;
      } else if (this.writer === null) {
        if (!(await didPiece(pieces.sync, () => this.openWriter()))) break;
      } else this.copy(this.writer, deadline, mayStop);
    } while (!this.isFinished && !(mayStop() && clock() >= deadline));
    return didWork();
  }

  async abort(): Promise<void> {
    this.stream.close();
    const { writer, full } = this;
    this.writer = null;
    this.full = null;
    try {
      await writer?.abort();
    } finally {
      await full?.abort();
    }
  }

  private copy(writer: SSTableWriter, deadline: number, mayStop: () => boolean): void {
    const outcome = this.copier.copy(writer, deadline, this.rule, mayStop);
    if (outcome === 'load') this.mustLoad = true;
    else if (outcome === 'end' || outcome === 'split') {
      if (outcome === 'end') this.isCopied = true;
      else this.nextShard();
      this.full = writer;
      this.writer = null;
    }
  }

  private async load(): Promise<void> {
    await this.stream.load();
    this.mustLoad = false;
  }

  /** One piece of an output's end. */
  private async finishFull(full: SSTableWriter): Promise<void> {
    if (full.partitionCount === 0) {
      await full.abort();
      this.full = null;
      return;
    }
    const output = await full.finishStep();
    if (output === null) return;
    this.outputs.push(output);
    this.full = null;
  }

  private finish(): void {
    this.stream.close();
    this.isFinished = true;
  }

  private nextShard(): void {
    const tokenHi = this.stream.partition.tokenHi;
    while (this.rule.boundary !== null && tokenHi >= this.rule.boundary) {
      this.shard++;
      this.rule.boundary = this.nextBoundary();
    }
  }

  /** High half of the token where the shard at hand ends. */
  private nextBoundary(): number | null {
    const { shards } = this.task;
    if (this.shard + 1 >= shards) return null;
    return Math.floor(((this.shard + 1) / shards) * TOKEN_HIGH_VALUES) - TOKEN_HIGH_VALUES / 2;
  }

  private async openWriter(): Promise<void> {
    const { target, task } = this;
    const keys = task.inputs.reduce((sum, input) => sum + input.estimatedKeys, 0);
    const options: SSTableWriterOptions = {
      directory: target.directory,
      id: await target.openOutput(),
      version: target.version,
      table: target.table,
      statics: this.encoding.statics,
      regulars: this.encoding.regulars,
      encodingStats: this.encoding.minima,
      encoding: this.encoding,
      estimatedKeys: Math.max(1, Math.ceil(keys / this.expectedOutputs())),
      provenance: {
        ...unknownProvenance,
        level: task.level,
        originatingHostId: target.hostId,
      },
    };
    this.writer = await SSTableWriter.open(target.files, options);
  }

  private expectedOutputs(): number {
    const { task } = this;
    const bySize = Math.ceil(task.inputs.reduce((sum, input) => sum + input.bytes, 0) / task.maxOutputBytes);
    return Math.max(1, task.shards, bySize);
  }
}

async function openInputs(
  target: MergeTarget,
  task: CompactionTask<StoredSSTable>,
  statistics: ScanStatistics,
  encoding: OutputEncoding,
): Promise<UnfilteredStream> {
  const runs = groupIntoRuns(task.inputs.map((sstable) => ({ sstable, range: readAll })));
  const streams = await openStreams(
    runs.map((run) => async () => {
      const openers = run.map(
        ({ sstable }) =>
          async (): Promise<UnfilteredStream> =>
            sstable.reader.stream(readAll, statistics, {
              maxWindowBytes: WINDOW_BYTES,
              encoding: sharesEncoding(sstable.reader, encoding) ? encoding : null,
            }),
      );
      const first = await openers[0]();
      return openers.length === 1 ? first : new ChainedStream(first, openers.slice(1));
    }),
  );
  const rule = new PurgeRule(task.inputs, target.outside);
  return new PurgedStream(mergeStreams(streams), {
    nowSeconds: target.nowSeconds,
    gcBeforeSeconds: target.nowSeconds - target.table.options.gc_grace_seconds,
    mayPurge: (partition, hi, lo) => rule.mayPurge(partition, hi, lo),
    strictLiveness: target.strictLiveness,
  });
}
