import {
  type CheckedBatch,
  type CheckedWrite,
  explainPlan,
  explainWrite,
  type PlannedSelect,
} from '../../planner/index.ts';
import type { ExecuteOptions, QueryStatistics } from '../session.ts';
import { counted } from './counted.ts';

/** Tells the listener of a statement what the engine has just done, with the time since the statement came in. */
export type StatementTrace = (activity: string) => void;

export function startTrace(listener: ExecuteOptions['trace']): StatementTrace | null {
  if (listener === undefined) return null;
  const started = performance.now();
  return (activity) => listener({ activity, elapsedMicros: Math.round((performance.now() - started) * 1000) });
}

/** How a SELECT will find its rows, on one line. */
export function accessActivity({ plan }: PlannedSelect): string {
  const scan = explainPlan(plan).find((step) => step.plan.kind === 'scan');
  return scan === undefined ? 'Planned: no table is read' : `Planned: ${scan.title}, ${scan.details[0]}`;
}

export function writeActivity(write: CheckedWrite | CheckedBatch): string {
  if (write.kind === 'batch') return `Planned: a batch of ${write.writes.length} writes`;
  const [{ title, details }] = explainWrite(write);
  return `Planned: ${title}${details.length === 0 ? '' : `, ${details[0]}`}`;
}

/** What was read for the rows. */
export function readActivity(statistics: QueryStatistics): string {
  const { sstables, sstablesSkipped, partitions, blocks, bytesRead, tombstones } = statistics;
  const read = [
    counted(sstables, 'SSTable') + (sstablesSkipped > 0 ? ` (${sstablesSkipped} skipped)` : ''),
    counted(partitions, 'partition'),
    counted(blocks, 'block'),
    counted(bytesRead, 'byte'),
    counted(tombstones, 'tombstone'),
  ];
  return `Read ${read.join(', ')}`;
}
