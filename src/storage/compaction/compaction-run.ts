import { type SSTableDescription, sstableBaseName } from '../sstable/write/sstable-writer.ts';
import { SSTableTransaction } from '../sstable/write/transaction-log.ts';
import { type CompactionProgress, InputMerge, type Merge, type MergeTarget } from './input-merge.ts';
import type { CompactionTask } from './merge-policy.ts';
import type { StoredSSTable } from './stored-sstable.ts';
import { WorkerMerge } from './worker-merge.ts';

export interface CompactionTarget extends Omit<MergeTarget, 'openOutput'> {
  /** Names the transaction log. */
  readonly transactionId: string;
  readonly nextGeneration: () => number;
  /** The script of the thread that is to merge; null for this thread. */
  readonly workerPath: string | null;
}

/** Components that an SSTable has at least, for the log's record. */
const SSTABLE_FILES = 8;

/**
 * One compaction, in steps. It holds on to its inputs; its outputs count from `commit` on, and a process that dies before
 * leaves nothing of it. The transaction's log is written here, whichever thread merges.
 */
export class CompactionRun {
  readonly task: CompactionTask<StoredSSTable>;
  /** Filled by `commit`. */
  outputs: readonly SSTableDescription[] = [];
  /** The merge goes on by itself, between steps too. */
  readonly isInWorker: boolean;
  private readonly transaction: SSTableTransaction;
  private readonly merge: Merge;

  private constructor(
    task: CompactionTask<StoredSSTable>,
    transaction: SSTableTransaction,
    merge: Merge,
    isInWorker: boolean,
  ) {
    this.task = task;
    this.transaction = transaction;
    this.merge = merge;
    this.isInWorker = isInWorker;
  }

  static async start(target: CompactionTarget, task: CompactionTask<StoredSSTable>): Promise<CompactionRun> {
    const { files, directory, version, transactionId, workerPath } = target;
    const transaction = await SSTableTransaction.begin(files, directory, 'compaction', version, transactionId);
    const openOutput = async (): Promise<string> => {
      const id = String(target.nextGeneration());
      await transaction.add(sstableBaseName(version, id));
      return id;
    };
    try {
      const merge =
        workerPath === null
          ? await InputMerge.start({ ...target, openOutput }, task)
          : new WorkerMerge(workerPath, { ...target, openOutput }, task);
      return new CompactionRun(task, transaction, merge, workerPath !== null);
    } catch (error) {
      await transaction.abort();
      throw error;
    }
  }

  get progress(): CompactionProgress {
    return this.merge.progress;
  }

  /** All that is left is to finish the last output and to commit: some syncs. */
  get isNearlyDone(): boolean {
    return this.merge.isCopied;
  }

  /**
   * Merges until `deadline` (of performance.now), at least one partition. True when all is copied, and `commit` is next.
   */
  step(deadline: number): Promise<boolean> {
    return this.merge.step(deadline);
  }

  /** Finishes the outputs and makes them count. `clean` on the result removes the inputs' files. */
  async commit(): Promise<SSTableTransaction> {
    this.outputs = await this.merge.finish();
    for (const input of this.task.inputs) await this.transaction.remove(input.baseName, SSTABLE_FILES);
    await this.transaction.commit(true);
    return this.transaction;
  }

  /** Gives up and removes what was written. */
  async abort(): Promise<void> {
    await this.merge.abort();
    await this.transaction.abort();
  }
}
