import { Worker } from 'node:worker_threads';
import { CqlError } from '../../errors/index.ts';
import type { SSTableDescription } from '../sstable/write/sstable-writer.ts';
import type { CompactionProgress, Merge, MergeTarget } from './input-merge.ts';
import type { CompactionTask } from './merge-policy.ts';
import type { LeastTime } from './purge-rule.ts';
import { compareTimes } from './purge-rule.ts';
import type { StoredSSTable } from './stored-sstable.ts';
import type { MergeRequest, WorkerMessage } from './worker-messages.ts';

/**
 * A merge on a thread of its own (`compaction-worker.ts`), which writes the outputs. Names of outputs come from here, after
 * the transaction's log has them. It never keeps the process alive: one that ends meanwhile is a crash, and leaves nothing.
 */
export class WorkerMerge implements Merge {
  progress: CompactionProgress;
  private readonly worker: Worker;
  private readonly target: MergeTarget;
  outputs: readonly SSTableDescription[] = [];
  isFinished = false;
  /** The log takes the name of an output. */
  private opening: Promise<void> = Promise.resolve();
  /** Ends the wait of a step. */
  private wake: () => void = () => undefined;
  private failure: Error | null = null;
  private isAborted = false;

  constructor(path: string, target: MergeTarget, task: CompactionTask<StoredSSTable>) {
    this.target = target;
    const inputBytes = task.inputs.reduce((sum, input) => sum + input.bytes, 0);
    this.progress = { partitions: 0, rows: 0, bytesRead: 0, bytesWritten: 0, inputBytes };
    this.worker = new Worker(path, { workerData: requestOf(target, task) });
    this.worker.unref();
    this.worker.on('message', (message: WorkerMessage) => this.receive(message));
    this.worker.once('error', (error) => this.fail(error));
    this.worker.once('exit', () => this.fail(new CqlError('ServerError', 'the compaction thread ended early')));
  }

  /** Waits for the worker until `deadline`; throws what it threw, without the class. */
  async step(deadline: number): Promise<boolean> {
    const { partitions } = this.progress;
    if (!this.isFinished && this.failure === null) await this.wait(deadline - this.target.clock());
    if (this.failure !== null) throw this.failure;
    if (this.isFinished) await this.worker.terminate();
    return this.progress.partitions > partitions;
  }

  async abort(): Promise<void> {
    this.isAborted = true;
    await this.opening;
    await this.worker.terminate();
  }

  private receive(message: WorkerMessage): void {
    switch (message.kind) {
      case 'open':
        if (!this.isAborted) this.opening = this.open();
        break;
      case 'progress':
        this.progress = message.progress;
        break;
      case 'done':
        this.progress = message.progress;
        this.outputs = message.outputs;
        this.isFinished = true;
        this.wake();
        break;
    }
  }

  private async open(): Promise<void> {
    try {
      this.worker.postMessage(await this.target.openOutput());
    } catch (error) {
      this.fail(error);
      await this.worker.terminate();
    }
  }

  /** The first failure counts, and none that comes when all is done. */
  private fail(error: unknown): void {
    if (this.isFinished) return;
    this.failure ??= error instanceof Error ? error : new CqlError('ServerError', String(error));
    this.wake();
  }

  private wait(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, millis));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function requestOf(target: MergeTarget, task: CompactionTask<StoredSSTable>): MergeRequest {
  const { table, directory, version, hostId, strictLiveness, nowSeconds, outside } = target;
  const inputs = new Set(task.inputs);
  const others = outside.sstables().filter((sstable) => !inputs.has(sstable));
  return {
    table,
    directory,
    version,
    hostId,
    strictLiveness,
    nowSeconds,
    task: { ...task, inputs: task.inputs.map((input) => input.path) },
    outside: others.map((sstable) => sstable.path),
    unflushedSince: leastTime(outside.memtables().map((memtable) => memtable.leastTime)),
    hasBase: outside.hasBase,
  };
}

function leastTime(times: readonly (LeastTime | null)[]): LeastTime | null {
  let least: LeastTime | null = null;
  for (const time of times) {
    if (time !== null && (least === null || compareTimes(time, least) < 0)) least = time;
  }
  return least;
}
