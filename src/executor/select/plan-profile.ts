import type { PhysicalPlan } from '../../planner/index.ts';
import type { ScanStatistics } from '../../storage/scan/index.ts';
import type { Chunk, ChunkSource, RowSet, RowSource } from '../operators/row-set.ts';

/** What one operator did: for EXPLAIN ANALYZE. */
export interface StepProfile {
  rows: number;
  /** Its own time and that of all its inputs. */
  milliseconds: number;
  scan: (() => ScanStatistics) | null;
}

/** Measures every operator of a plan. The timer is given: nothing below the session reads a clock. */
export class PlanProfile {
  readonly steps = new Map<PhysicalPlan, StepProfile>();
  private readonly timer: () => number;

  constructor(timer: () => number) {
    this.timer = timer;
  }

  rows(plan: PhysicalPlan, source: RowSource): RowSource {
    return this.measured(plan, source, (set: RowSet) => set.count);
  }

  chunks(plan: PhysicalPlan, source: ChunkSource): ChunkSource {
    return this.measured(plan, source, (chunk: Chunk) => chunk.rowCount);
  }

  scanned(plan: PhysicalPlan, statistics: () => ScanStatistics): void {
    this.stepOf(plan).scan = statistics;
  }

  private stepOf(plan: PhysicalPlan): StepProfile {
    let step = this.steps.get(plan);
    if (step === undefined) {
      step = { rows: 0, milliseconds: 0, scan: null };
      this.steps.set(plan, step);
    }
    return step;
  }

  private measured<T>(plan: PhysicalPlan, source: Source<T>, rowsOf: (result: T) => number): Source<T> {
    const step = this.stepOf(plan);
    return {
      next: async () => {
        const start = this.timer();
        const result = await source.next();
        step.milliseconds += this.timer() - start;
        if (result !== null) step.rows += rowsOf(result);
        return result;
      },
      close: () => source.close(),
    };
  }
}

/** What `RowSource` and `ChunkSource` have in common. */
interface Source<T> {
  next(): Promise<T | null>;
  close(): void;
}
