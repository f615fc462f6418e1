import type { PlanProfile, StepProfile } from '../../executor/index.ts';
import type { WriteProfile } from '../../executor/write/write-profile.ts';
import {
  type CheckedBatch,
  type CheckedWrite,
  explainPlan,
  explainText,
  explainWrite,
  type PlannedSelect,
} from '../../planner/index.ts';
import type { ScanStatistics } from '../../storage/scan/index.ts';
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

/** What a write did, and how long it took. */
export interface MeasuredWrite {
  readonly profile: WriteProfile;
  readonly milliseconds: { readonly applied: number; readonly durable: number };
  /** Whether its conditions held; null when it has none. */
  readonly held: boolean | null;
}

/** What a write would do, without doing it; or what it did. */
export function explainWriteResult(
  write: CheckedWrite | CheckedBatch,
  measured: MeasuredWrite | null = null,
): RowsResult {
  const lines = explainWrite(write).flatMap(({ title, details }, i) => {
    const indent = i === 0 ? '' : '  ';
    const note = i === 0 && measured !== null ? `  [${writtenWords(measured)}]` : '';
    return [`${indent}${i === 0 ? '' : '└ '}${title}${note}`, ...details.map((detail) => `${indent}    ${detail}`)];
  });
  if (measured?.profile.hasRead) lines.push(`read first: ${scanWords(measured.profile.read).join(', ')}`);
  return new ListResult(
    [COLUMN],
    lines.map((line) => [Buffer.from(line)]),
  );
}

function writtenWords({ profile, milliseconds, held }: MeasuredWrite): string {
  const { mutations, mutationBytes, logBytes } = profile;
  const words =
    mutations === 0 ? ['nothing written'] : [counted(mutations, 'mutation'), counted(mutationBytes, 'byte')];
  if (mutations > 0) words.push(`${counted(logBytes, 'byte')} to the log`);
  words.push(`applied in ${milliseconds.applied.toFixed(1)} ms`);
  if (mutations > 0) words.push(`durable after ${milliseconds.durable.toFixed(1)} ms more`);
  return held === null
    ? words.join(', ')
    : [held ? 'its conditions hold' : 'its conditions do not hold', ...words].join(', ');
}

const COLUMN: ResultColumn = { keyspace: '', table: '', name: 'plan', type: { kind: 'native', name: 'text' } };

function measuredWords({ rows, milliseconds, scan }: StepProfile): string {
  const words = [counted(rows, 'row'), `${milliseconds.toFixed(1)} ms`];
  return (scan === null ? words : [...words, ...scanWords(scan())]).join(', ');
}

function scanWords(scan: ScanStatistics): string[] {
  const words = [counted(scan.sstables, 'SSTable')];
  if (scan.sstablesSkipped > 0) words.push(`${scan.sstablesSkipped} skipped`);
  words.push(counted(scan.partitions, 'partition'), counted(scan.blocks, 'block'), counted(scan.bytesRead, 'byte'));
  words.push(counted(scan.tombstones, 'tombstone'));
  if (scan.filterHits + scan.filterMisses > 0) {
    words.push(`bloom filter: ${scan.filterHits} hits, ${scan.filterMisses} misses`);
  }
  return words;
}
