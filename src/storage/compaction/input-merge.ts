import { invariant } from '../../errors/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import type { FileSystem } from '../files/index.ts';
import { ChainedStream, mergeStreams, PurgedStream } from '../merge/index.ts';
import { groupIntoRuns } from '../read/index.ts';
import { readAll, type UnfilteredStream } from '../rows/index.ts';
import { newScanStatistics, type ScanStatistics } from '../scan/index.ts';
import { unknownProvenance } from '../sstable/components/statistics/write.ts';
import { type SSTableDescription, SSTableWriter, type SSTableWriterOptions } from '../sstable/write/sstable-writer.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';
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
  /** The id of the next output, which the transaction's log then has: its files may be made. */
  readonly openOutput: () => Promise<string>;
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
  /** All that is left is to finish the last output: some syncs. */
  readonly isCopied: boolean;
  /** Merges until `deadline` (of performance.now), at least one partition. True when all is copied. */
  step(deadline: number): Promise<boolean>;
  /** Finishes the outputs, once all is copied; the inputs are not needed any more. */
  finish(): Promise<readonly SSTableDescription[]>;
  /** Gives up; files of outputs may stay. */
  abort(): Promise<void>;
}

/** Loading a window is one piece of work, which a step's deadline cannot cut: it takes a millisecond or less. */
const WINDOW_BYTES = 256 * 1024;
const TOKEN_HIGH_VALUES = 2 ** 32;

/** Merges the inputs of a task on this thread, in steps. */
export class InputMerge implements Merge {
  isCopied = false;
  private readonly task: CompactionTask<StoredSSTable>;
  private readonly outputs: SSTableDescription[] = [];
  private readonly target: MergeTarget;
  private readonly stream: UnfilteredStream;
  private readonly copier: PartitionCopier;
  private readonly statistics: ScanStatistics;
  private readonly rule: SplitRule;
  private readonly encoding: OutputEncoding;
  private writer: SSTableWriter | null = null;
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
    this.copier = new PartitionCopier(stream);
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
      bytesWritten: written + (this.writer?.fileBytes ?? 0),
      inputBytes: this.task.inputs.reduce((sum, input) => sum + input.bytes, 0),
    };
  }

  async step(deadline: number): Promise<boolean> {
    const before = this.copier.partitions;
    while (!this.isCopied) {
      this.writer ??= await this.openWriter();
      const outcome = this.copier.copy(this.writer, deadline, this.rule, () => this.copier.partitions > before);
      if (outcome === 'time') return false;
      if (outcome === 'load') await this.stream.load();
      else if (outcome === 'end') this.isCopied = true;
      else await this.split();
    }
    return true;
  }

  async finish(): Promise<readonly SSTableDescription[]> {
    invariant(this.isCopied, 'a merge was finished before its end');
    await this.finishWriter();
    this.stream.close();
    return this.outputs;
  }

  async abort(): Promise<void> {
    this.stream.close();
    await this.writer?.abort();
    this.writer = null;
  }

  private async split(): Promise<void> {
    await this.finishWriter();
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

  private async openWriter(): Promise<SSTableWriter> {
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
    return SSTableWriter.open(target.files, options);
  }

  private expectedOutputs(): number {
    const { task } = this;
    const bySize = Math.ceil(task.inputs.reduce((sum, input) => sum + input.bytes, 0) / task.maxOutputBytes);
    return Math.max(1, task.shards, bySize);
  }

  private async finishWriter(): Promise<void> {
    const { writer } = this;
    this.writer = null;
    if (writer === null) return;
    if (writer.partitionCount === 0) await writer.abort();
    else this.outputs.push(await writer.finish());
  }
}

async function openInputs(
  target: MergeTarget,
  task: CompactionTask<StoredSSTable>,
  statistics: ScanStatistics,
  encoding: OutputEncoding,
): Promise<UnfilteredStream> {
  const runs = groupIntoRuns(task.inputs.map((sstable) => ({ sstable, range: readAll })));
  const streams = await Promise.all(
    runs.map(async (run) => {
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
