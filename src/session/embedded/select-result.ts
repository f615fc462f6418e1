import type { SelectExecution } from '../../executor/index.ts';
import type { Chunk } from '../../executor/operators/row-set.ts';
import { newScanStatistics } from '../../storage/scan/index.ts';
import type { QueryStatistics, ResultColumn, RowChunk, RowsResult } from '../session.ts';
import { counted } from './counted.ts';
import { readActivity, type StatementTrace } from './statement-trace.ts';

/** The rows of a SELECT, read as they are asked for. */
export class SelectResult implements RowsResult {
  readonly kind = 'rows';
  readonly columns: readonly ResultColumn[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  private readonly execution: SelectExecution;
  private readonly onEnd: (rows: number) => void;
  private readonly trace: StatementTrace | null;
  private rows = 0;
  private ended = false;

  constructor(
    columns: readonly ResultColumn[],
    execution: SelectExecution,
    warnings: readonly string[],
    notes: readonly string[],
    onEnd: (rows: number) => void,
    trace: StatementTrace | null = null,
  ) {
    this.columns = columns;
    this.execution = execution;
    this.warnings = warnings;
    this.notes = notes;
    this.onEnd = onEnd;
    this.trace = trace;
  }

  async next(): Promise<RowChunk | null> {
    const chunk: Chunk | null = await this.execution.next();
    if (chunk === null) {
      if (!this.ended) this.end();
      return null;
    }
    if (this.rows === 0) this.trace?.('First rows');
    this.rows += chunk.rowCount;
    return chunk;
  }

  pagingState(): Uint8Array | null {
    return this.execution.pagingState();
  }

  close(): void {
    this.execution.close();
    if (this.trace !== null && !this.ended) this.end();
  }

  private end(): void {
    this.ended = true;
    this.onEnd(this.rows);
    this.trace?.(readActivity(this.statistics));
    this.trace?.(`Done: ${counted(this.rows, 'row')}`);
  }

  get statistics(): QueryStatistics {
    return { ...this.execution.statistics, rows: this.rows };
  }
}

/** Rows that are already in memory: of DESCRIBE, LIST and the like. */
export class ListResult implements RowsResult {
  readonly kind = 'rows';
  readonly columns: readonly ResultColumn[];
  readonly warnings: readonly string[] = [];
  readonly notes: readonly string[];
  private readonly rows: readonly (readonly (Uint8Array | null)[])[];
  private done = false;

  constructor(
    columns: readonly ResultColumn[],
    rows: readonly (readonly (Uint8Array | null)[])[],
    notes: readonly string[] = [],
  ) {
    this.columns = columns;
    this.rows = rows;
    this.notes = notes;
  }

  async next(): Promise<RowChunk | null> {
    if (this.done || this.rows.length === 0) return null;
    this.done = true;
    return { rowCount: this.rows.length, cells: this.rows.flat() };
  }

  pagingState(): null {
    return null;
  }

  close(): void {
    this.done = true;
  }

  get statistics(): QueryStatistics {
    return { ...newScanStatistics(), rows: this.rows.length };
  }
}
