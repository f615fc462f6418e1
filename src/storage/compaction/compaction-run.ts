import { sstableBaseName } from '../sstable/write/sstable-files.ts';
import { SSTableTransaction } from '../sstable/write/transaction-log.ts';
import { type CompactionProgress, InputMerge, type Merge, type MergeTarget } from './input-merge.ts';
import type { CompactionTask } from './merge-policy.ts';
import { StoredSSTable } from './stored-sstable.ts';
import { WorkerMerge } from './worker-merge.ts';

export interface CompactionTarget extends Omit<MergeTarget, 'openOutput'> {
  /** Names the transaction log. */
  readonly transactionId: string;
  readonly nextGeneration: () => number;
  readonly nowMillis: () => number;
  /** The script of the thread that is to merge; null for this thread. */
  readonly workerPath: string | null;
}

/**
 * One compaction, in steps. It holds on to its inputs; its outputs count from `commit` on, and a process that dies before
 * leaves nothing of it. The transaction's log is written here, whichever thread merges.
 */
export class CompactionRun {
  readonly task: CompactionTask<StoredSSTable>;
  /** What takes the inputs' place, open; filled before the commit. */
  outputs: readonly StoredSSTable[] = [];
  /** The merge goes on by itself, between steps too. */
  readonly isInWorker: boolean;
  private readonly target: CompactionTarget;
  private readonly transaction: SSTableTransaction;
  private readonly merge: Merge;
  private isPrepared = false;

  private constructor(
    target: CompactionTarget,
    task: CompactionTask<StoredSSTable>,
    transaction: SSTableTransaction,
    merge: Merge,
    isInWorker: boolean,
  ) {
    this.target = target;
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
      return new CompactionRun(target, task, transaction, merge, workerPath !== null);
    } catch (error) {
      await transaction.abort();
      throw error;
    }
  }

  get progress(): CompactionProgress {
    return this.merge.progress;
  }

  /** The outputs are written, and `commitStep` is next. */
  get isMerged(): boolean {
    return this.merge.isFinished;
  }

  /** See `Merge.step`. */
  step(deadline: number, hasWorked: boolean): Promise<boolean> {
    return this.merge.step(deadline, hasWorked);
  }

  /**
   * The next piece of the end, which holds one sync; null while there is more to do. At last the outputs count, and `clean`
   * on the result removes the inputs' files. They are opened before, so that nothing but the commit itself can fail late.
   */
  async commitStep(): Promise<SSTableTransaction | null> {
    if (!this.isPrepared) {
      this.openOutputs();
      await this.transaction.remove(this.task.inputs.map((input) => input.baseName));
      this.isPrepared = true;
      return null;
    }
    await this.transaction.commit(true);
    return this.transaction;
  }

  /** Gives up and removes what was written; throws only where the transaction does. */
  async abort(): Promise<void> {
    for (const output of this.outputs) output.close();
    // Files that it cannot remove are the transaction's too.
    await this.merge.abort().catch(() => undefined);
    await this.transaction.abort();
  }

  private openOutputs(): void {
    const { files, table } = this.target;
    const opened: StoredSSTable[] = [];
    this.outputs = opened;
    for (const { dataPath } of this.merge.outputs) {
      opened.push(StoredSSTable.open(files, dataPath, table, this.target.nowMillis()));
    }
  }
}
