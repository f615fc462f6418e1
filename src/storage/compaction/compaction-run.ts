import { invariant } from '../../errors/index.ts';
import type { TableMetadata } from '../../schema/model/index.ts';
import type { FileSystem } from '../files/index.ts';
import { ChainedStream, mergeStreams, PurgedStream } from '../merge/index.ts';
import { groupIntoRuns } from '../read/index.ts';
import { readAll, type UnfilteredStream } from '../rows/index.ts';
import { newScanStatistics, type ScanStatistics } from '../scan/index.ts';
import { unknownProvenance } from '../sstable/components/statistics/write.ts';
import {
  type SSTableDescription,
  SSTableWriter,
  type SSTableWriterOptions,
  sstableBaseName,
} from '../sstable/write/sstable-writer.ts';
import { SSTableTransaction } from '../sstable/write/transaction-log.ts';
import type { WriteVersion } from '../sstable/write/write-version.ts';
import type { CompactionTask } from './merge-policy.ts';
import { type OutputEncoding, outputEncoding, sharesEncoding } from './output-encoding.ts';
import { PartitionCopier, type SplitRule } from './partition-copier.ts';
import { type OutsideData, PurgeRule } from './purge-rule.ts';
import type { StoredSSTable } from './stored-sstable.ts';

export interface CompactionTarget {
  readonly files: FileSystem;
  readonly table: TableMetadata;
  readonly directory: string;
  readonly version: WriteVersion;
  readonly hostId: string;
  /** Names the transaction log. */
  readonly transactionId: string;
  readonly nextGeneration: () => number;
  readonly outside: OutsideData;
  readonly strictLiveness: boolean;
  readonly nowSeconds: number;
}

/** What a run did until now. */
export interface CompactionProgress {
  readonly partitions: number;
  readonly rows: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly inputBytes: number;
}

/** Components that an SSTable has at least, for the log's record. */
const SSTABLE_FILES = 8;
/** Loading a window is one piece of work, which a step's deadline cannot cut: it takes a millisecond or less. */
const WINDOW_BYTES = 256 * 1024;
const TOKEN_HIGH_VALUES = 2 ** 32;

/**
 * One compaction, in steps. It holds on to its inputs; its outputs count from `commit` on, and a process that dies before
 * leaves nothing of it.
 */
export class CompactionRun {
  readonly task: CompactionTask<StoredSSTable>;
  readonly outputs: SSTableDescription[] = [];
  private readonly target: CompactionTarget;
  private readonly transaction: SSTableTransaction;
  private readonly stream: UnfilteredStream;
  private readonly copier: PartitionCopier;
  private readonly statistics: ScanStatistics;
  private readonly rule: SplitRule;
  private readonly encoding: OutputEncoding;
  private writer: SSTableWriter | null = null;
  private shard = 0;
  private isCopied = false;

  private constructor(
    target: CompactionTarget,
    task: CompactionTask<StoredSSTable>,
    transaction: SSTableTransaction,
    stream: UnfilteredStream,
    statistics: ScanStatistics,
    encoding: OutputEncoding,
  ) {
    this.target = target;
    this.task = task;
    this.transaction = transaction;
    this.stream = stream;
    this.statistics = statistics;
    this.copier = new PartitionCopier(stream);
    this.rule = { maxBytes: task.maxOutputBytes, boundary: this.nextBoundary() };
    this.encoding = encoding;
  }

  static async start(target: CompactionTarget, task: CompactionTask<StoredSSTable>): Promise<CompactionRun> {
    const { files, directory, version, transactionId } = target;
    const statistics = newScanStatistics();
    const encoding = outputEncoding(target.table, target.version, task.inputs);
    const stream = await openInputs(target, task, statistics, encoding);
    const transaction = await SSTableTransaction.begin(files, directory, 'compaction', version, transactionId);
    return new CompactionRun(target, task, transaction, stream, statistics, encoding);
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

  /** All that is left is to finish the last output and to commit: some syncs. */
  get isNearlyDone(): boolean {
    return this.isCopied;
  }

  /**
   * Merges until `deadline` (of performance.now), at least one partition. True when all is copied, and `commit` is next.
   */
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

  /** Finishes the outputs and makes them count. `clean` on the result removes the inputs' files. */
  async commit(): Promise<SSTableTransaction> {
    invariant(this.isCopied, 'a compaction was committed before its end');
    await this.finishWriter();
    for (const input of this.task.inputs) await this.transaction.remove(input.baseName, SSTABLE_FILES);
    await this.transaction.commit(true);
    this.stream.close();
    return this.transaction;
  }

  /** Gives up and removes what was written. */
  async abort(): Promise<void> {
    this.stream.close();
    await this.writer?.abort();
    this.writer = null;
    await this.transaction.abort();
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
      id: String(target.nextGeneration()),
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
    await this.transaction.add(sstableBaseName(options.version, options.id));
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
  target: CompactionTarget,
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
