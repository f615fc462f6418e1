import { displayWidth } from '../output/index.ts';
import type { DatabaseStatistics, Session } from '../session/session.ts';
import { groupDigits } from './progress.ts';

export interface StatusFacts {
  readonly session: Session;
  readonly dialect: 'strict' | 'explore';
  readonly consistency: string;
  readonly statistics: DatabaseStatistics | null;
  /** Of the last input; null before the first. */
  readonly elapsedMs: number | null;
}

/** `mydb · explore · writable · 3 SSTables · 120 rows in memtables · 12 ms`, as much of it as fits. */
export function statusLine(facts: StatusFacts, columns: number): string {
  const { description } = facts.session;
  const parts = [description.name, facts.dialect, description.readOnly ? 'read-only' : 'writable'];
  if (description.kind === 'cluster') parts.push(facts.consistency);
  if (facts.statistics !== null) {
    const sstables = facts.statistics.tables.reduce((sum, table) => sum + table.sstables, 0);
    parts.push(`${groupDigits(sstables)} SSTable${sstables === 1 ? '' : 's'}`);
    const { memtableRows } = facts.statistics;
    if (memtableRows > 0) parts.push(`${groupDigits(memtableRows)} rows in memtables`);
  }
  if (facts.elapsedMs !== null) parts.push(inWords(facts.elapsedMs));
  while (parts.length > 1 && displayWidth(parts.join(' · ')) > columns) parts.pop();
  return parts.join(' · ');
}

/** `0.4 ms`, `12 ms`, `3.21 s` */
export function inWords(elapsedMs: number): string {
  if (elapsedMs < 10) return `${elapsedMs.toFixed(1)} ms`;
  return elapsedMs < 1_000 ? `${Math.round(elapsedMs)} ms` : `${(elapsedMs / 1_000).toFixed(2)} s`;
}
