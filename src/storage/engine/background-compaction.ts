import type { Compactor } from '../compaction/index.ts';
import type { SerialQueue } from './serial-queue.ts';
import type { TableStore } from './table-store.ts';

/** Writes rest this long before compaction takes its turn. */
const IDLE_MILLIS = 100;
/** Beyond this many SSTables a table is compacted while writes go on: reads suffer more than they do. */
const TOO_MANY_SSTABLES = 32;
const SLICE_MILLIS = 2;

export interface BackgroundCompactionOptions {
  readonly compactor: Compactor;
  readonly queue: SerialQueue;
  readonly stores: ReadonlyMap<string, TableStore>;
  /** Grows with every write. */
  readonly mutations: () => number;
}

/**
 * Compacts between other work: in slices of 2 ms, when nothing was written for a while or a table has too many SSTables.
 * Never keeps the process alive. An error ends it until the next flush, and `maintenance` and `compact` meet it again.
 */
export class BackgroundCompaction {
  private readonly options: BackgroundCompactionOptions;
  private timer: NodeJS.Timeout | null = null;
  private mutationsSeen = -1;
  private isStopped = false;

  constructor(options: BackgroundCompactionOptions) {
    this.options = options;
  }

  /** There are new SSTables. */
  start(): void {
    if (this.timer === null && !this.isStopped) this.wait(IDLE_MILLIS);
  }

  stop(): void {
    this.isStopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private wait(millis: number): void {
    this.timer = setTimeout(() => void this.run(), millis);
    this.timer.unref();
  }

  private async run(): Promise<void> {
    const { compactor, queue } = this.options;
    if (!this.isItsTurn()) {
      this.wait(IDLE_MILLIS);
      return;
    }
    let pending = 0;
    try {
      const report = await queue.run(async () => (this.isStopped ? null : compactor.maintain(SLICE_MILLIS, true)));
      pending = report?.pending ?? 0;
    } catch {
      // Nothing is lost: the inputs stay as they are.
    }
    this.timer = null;
    if (pending > 0 && !this.isStopped) this.wait(SLICE_MILLIS);
  }

  private isItsTurn(): boolean {
    const mutations = this.options.mutations();
    const isIdle = mutations === this.mutationsSeen;
    this.mutationsSeen = mutations;
    if (isIdle) return true;
    return [...this.options.stores.values()].some((store) => store.versions.sstables.length > TOO_MANY_SSTABLES);
  }
}
