import type { PlanProfile, StepProfile } from '../../executor/index.ts';
import {
  type CheckedBatch,
  type CheckedWrite,
  explainPlan,
  explainText,
  explainWrite,
  type PlannedSelect,
} from '../../planner/index.ts';
import type { ResultColumn, RowsResult } from '../session.ts';
import { counted } from './counted.ts';
import { ListResult } from './select-result.ts';

/** The plan as a tree, a line a row; with a profile each operator says what it did. */
export function explainResult({ checked, plan }: PlannedSelect, profile: PlanProfile | null = null): RowsResult {
  const lines = explainText(explainPlan(plan), (step) => {
    const measured = profile?.steps.get(step.plan);
    return measured === undefined ? '' : measuredWords(measured);
  });
  const notes = checked.notes.map((note) => `note: ${note}`);
  return new ListResult(
    [COLUMN],
    [...lines, ...notes].map((line) => [Buffer.from(line)]),
  );
}

/** What a write would do, without doing it. */
export function explainWriteResult(write: CheckedWrite | CheckedBatch): RowsResult {
  const lines = explainWrite(write).flatMap(({ title, details }, i) => {
    const indent = i === 0 ? '' : '  ';
    return [`${indent}${i === 0 ? '' : '└ '}${title}`, ...details.map((detail) => `${indent}    ${detail}`)];
  });
  return new ListResult(
    [COLUMN],
    lines.map((line) => [Buffer.from(line)]),
  );
}

const COLUMN: ResultColumn = { keyspace: '', table: '', name: 'plan', type: { kind: 'native', name: 'text' } };

function measuredWords({ rows, milliseconds, scan: statistics }: StepProfile): string {
  const words = [counted(rows, 'row'), `${milliseconds.toFixed(1)} ms`];
  if (statistics === null) return words.join(', ');
  const scan = statistics();
  words.push(counted(scan.sstables, 'SSTable'));
  if (scan.sstablesSkipped > 0) words.push(`${scan.sstablesSkipped} skipped`);
  words.push(counted(scan.partitions, 'partition'), counted(scan.blocks, 'block'), counted(scan.bytesRead, 'byte'));
  words.push(counted(scan.tombstones, 'tombstone'));
  if (scan.filterHits + scan.filterMisses > 0) {
    words.push(`bloom filter: ${scan.filterHits} hits, ${scan.filterMisses} misses`);
  }
  return words.join(', ');
}
