import { murmur3Token } from '../../bytes/index.ts';
import { CqlError, invariant } from '../../errors/index.ts';
import { accessPath, type CheckedSelect, type PhysicalPlan, requireMonotonic } from '../../planner/index.ts';
import {
  newScanStatistics,
  type ScanColumn,
  type ScanStatistics,
  type StorageReader,
} from '../../storage/scan/index.ts';
import { packPartitionKey, sameKey } from '../access/partition-keys.ts';
import { scanSegments } from '../access/scan-segments.ts';
import { checkSelectedParts } from '../evaluate/index.ts';
import type { RowObserver } from '../operators/project-rows.ts';
import { type Chunk, type ChunkSource, copyValues, type RowSet } from '../operators/row-set.ts';
import { decodePagingState, encodePagingState, type PagingState } from '../paging/paging-state.ts';
import type { StatementContext } from '../statement-context.ts';
import { checkLimits } from './limits.ts';
import { openPlan } from './open-plan.ts';
import type { PlanProfile } from './plan-profile.ts';
import { checkRowFilter } from './row-filter-operands.ts';

export interface SelectRun {
  readonly checked: CheckedSelect;
  readonly plan: PhysicalPlan;
  readonly storage: StorageReader;
  readonly context: StatementContext;
  /** Null for all rows at once. */
  readonly pageSize: number | null;
  readonly pagingState: Uint8Array | null;
  readonly profile?: PlanProfile;
}

/** A running SELECT: chunks are pulled until `next` gives null. */
export interface SelectExecution {
  next(): Promise<Chunk | null>;
  /** Where the next page begins; null when this one was the last. Known once `next` gave null. */
  pagingState(): Uint8Array | null;
  readonly statistics: ScanStatistics;
  close(): void;
}

/** Opens a SELECT. Nothing is read before the first `next`, but wrong values are refused here. */
export function executeSelect(run: SelectRun): SelectExecution {
  const { checked, context, pageSize } = run;
  const limit = checkLimits(checked, context);
  for (const { expression } of checked.selectors) checkSelectedParts(expression, context);
  requireMonotonic(checked.grouping);
  const pages = pageSize !== null && (limit === null || limit > pageSize);
  // Of groups Cassandra asks for pages before it knows that there is nothing to read.
  if (checked.refusesPaging && pageSize !== null && (checked.grouping !== null || readsRows(checked, context))) {
    throw CqlError.invalidRequest(
      'Cannot page queries with both ORDER BY and a IN restriction on the partition key; you must either remove the ' +
        'ORDER BY or the IN and sort client side, or disable paging for this query',
    );
  }
  if (checked.nearest !== null) checkNearest(checked, limit);
  if (checked.restrictions !== null) checkRowFilter(checked.restrictions, context);
  const resume = run.pagingState === null ? null : decodePagingState(run.pagingState);
  const byPosition =
    checked.table !== null &&
    checked.grouping === null &&
    checked.sortKeys.length === 0 &&
    checked.nearest === null &&
    checked.distinct !== 'rows' &&
    checked.offset === null;
  if (byPosition && (pages || resume !== null)) return new PositionPages(run, pageSize, limit, resume);
  return new CountedPages(run, pages ? pageSize : null, resume);
}

/** Whether the statement names any partition and rows there: a choice of none (`IN ()`) reads nothing, in no order. */
function readsRows({ restrictions, reversed }: CheckedSelect, context: StatementContext): boolean {
  if (restrictions === null) return false;
  const access = accessPath(restrictions, reversed);
  return scanSegments(access, restrictions.table, null, context).ranges.length > 0;
}

/** What ORDER BY … ANN OF goes with (`SelectStatement.execute` and SAI's limit, 5.0.8); explore mode groups and limits freely. */
function checkNearest(checked: CheckedSelect, limit: number | null): void {
  if (checked.restrictions?.tolerant === true) return;
  if (checked.grouping !== null) throw CqlError.invalidRequest('Top-K queries can not be run with aggregation');
  if (limit === null) {
    throw CqlError.invalidRequest(
      'Top-K queries must have a limit specified and the limit must be less than the query page size',
    );
  }
  if (checked.perPartitionLimit !== null) {
    throw CqlError.invalidRequest('Top-K queries do not support per-partition limits');
  }
  if (limit > MOST_NEAREST_ROWS) {
    throw CqlError.invalidRequest(
      `Use of ANN OF in an ORDER BY clause requires a LIMIT that is not greater than ${MOST_NEAREST_ROWS}. LIMIT was ${limit}`,
    );
  }
}

const MOST_NEAREST_ROWS = 1000;

/** Pages of plans whose rows come in the order of the scan: the next one begins after the last row. */
class PositionPages implements SelectExecution, RowObserver {
  private scanned: () => ScanStatistics = newScanStatistics;
  private readonly source: ChunkSource;
  private readonly run: SelectRun;
  private readonly keySlots: readonly number[];
  private readonly clusteringSlots: readonly number[];
  private readonly pageSize: number;
  private limitLeft: number | null;
  private delivers = 0;
  private rowsInPartition = 0;
  private lastKey: Uint8Array | null = null;
  private lastClustering: Uint8Array[] | null = null;
  private hasMore = false;
  private ended = false;

  constructor(run: SelectRun, pageSize: number | null, limit: number | null, resume: PagingState | null) {
    this.run = run;
    this.pageSize = pageSize ?? Number.POSITIVE_INFINITY;
    const { checked } = run;
    const table = checked.table;
    invariant(table !== null, 'a plan whose rows are paged by position reads a table');
    const extra: ScanColumn[] = [...table.partitionKey, ...table.clustering].map((column) => ({
      column,
      wanted: 'value',
    }));
    const base = checked.inputs.length;
    this.keySlots = table.partitionKey.map((_, i) => base + i);
    this.clusteringSlots = table.clustering.map((_, i) => base + table.partitionKey.length + i);
    const after = resume?.kind === 'afterRow' ? resume : null;
    this.limitLeft = after === null ? limit : after.remaining;
    if (after !== null) {
      this.lastKey = after.position.key.key;
      this.rowsInPartition = after.rowsInPartition;
    }
    this.source = openPlan(run.plan, {
      storage: run.storage,
      context: run.context,
      extraColumns: checked.distinct === 'partitions' ? extra.slice(0, table.partitionKey.length) : extra,
      observer: this,
      resume: after,
      profile: run.profile ?? null,
      onScan: (statistics) => {
        this.scanned = statistics;
      },
    });
  }

  get statistics(): ScanStatistics {
    return this.scanned();
  }

  room(): number {
    return this.pageSize - this.delivers;
  }

  delivered(set: RowSet, from: number, count: number, more: boolean): void {
    if (count === 0) return;
    this.delivers += count;
    if (this.limitLeft !== null) this.limitLeft -= count;
    for (let i = from; i < from + count; i++) this.countRow(set, i);
    this.rememberRow(set, from + count - 1);
    if (more) this.hasMore = true;
  }

  private partitionNow = -1;

  private countRow(set: RowSet, i: number): void {
    const partition = set.partition(i);
    if (partition !== this.partitionNow) {
      const continues = this.partitionNow === -1 && this.lastKey !== null && sameKey(this.keyOf(set, i), this.lastKey);
      if (!continues) this.rowsInPartition = 0;
      this.partitionNow = partition;
    }
    this.rowsInPartition++;
  }

  private keyOf(set: RowSet, i: number): Uint8Array {
    const row = set.row(i);
    return packPartitionKey(this.keySlots.map((slot) => row.value(slot) ?? new Uint8Array(0)));
  }

  private rememberRow(set: RowSet, i: number): void {
    this.lastKey = this.keyOf(set, i).slice();
    if (this.run.checked.distinct === 'partitions') return;
    const values = copyValues(set.row(i), this.keySlots[0] + this.keySlots.length + this.clusteringSlots.length);
    const clustering = this.clusteringSlots.map((slot) => values[slot]);
    this.lastClustering = clustering.some((value) => value === null)
      ? null
      : clustering.filter((value) => value !== null);
  }

  async next(): Promise<Chunk | null> {
    if (this.ended) return null;
    if (this.room() <= 0) {
      this.hasMore = this.hasMore || this.limitLeft !== 0;
      this.end();
      return null;
    }
    const chunk = await this.source.next();
    if (chunk === null) this.end();
    return chunk;
  }

  private end(): void {
    this.ended = true;
    this.source.close();
  }

  pagingState(): Uint8Array | null {
    if (!this.hasMore || this.lastKey === null || this.limitLeft === 0) return null;
    const key = { token: murmur3Token(this.lastKey), key: this.lastKey };
    return encodePagingState({
      kind: 'afterRow',
      remaining: this.limitLeft,
      rowsInPartition: this.rowsInPartition,
      position: { key, clustering: this.lastClustering },
    });
  }

  close(): void {
    if (!this.ended) this.end();
  }
}

/** Pages of all other plans: the answer is made again and the rows of earlier pages are skipped. */
class CountedPages implements SelectExecution {
  private scanned: () => ScanStatistics = newScanStatistics;
  private readonly source: ChunkSource;
  private readonly pageSize: number;
  private readonly skipped: number;
  private toSkip: number;
  private delivered = 0;
  private hasMore = false;
  private ended = false;

  constructor(run: SelectRun, pageSize: number | null, resume: PagingState | null) {
    this.pageSize = pageSize ?? Number.POSITIVE_INFINITY;
    this.skipped = resume?.kind === 'afterCount' ? resume.delivered : 0;
    this.toSkip = this.skipped;
    this.source = openPlan(run.plan, {
      storage: run.storage,
      context: run.context,
      extraColumns: [],
      observer: null,
      resume: null,
      profile: run.profile ?? null,
      onScan: (statistics) => {
        this.scanned = statistics;
      },
    });
  }

  get statistics(): ScanStatistics {
    return this.scanned();
  }

  async next(): Promise<Chunk | null> {
    while (!this.ended) {
      const chunk = await this.source.next();
      if (chunk === null) break;
      const skipped = Math.min(this.toSkip, chunk.rowCount);
      this.toSkip -= skipped;
      const rowCount = Math.min(chunk.rowCount - skipped, this.pageSize - this.delivered);
      if (chunk.rowCount - skipped > rowCount) this.hasMore = true;
      if (rowCount === 0) {
        if (this.hasMore) break;
        continue;
      }
      this.delivered += rowCount;
      if (rowCount === chunk.rowCount) return chunk;
      const { width } = chunk;
      return { rowCount, width, cells: chunk.cells.slice(skipped * width, (skipped + rowCount) * width) };
    }
    this.close();
    return null;
  }

  pagingState(): Uint8Array | null {
    if (!this.hasMore) return null;
    return encodePagingState({ kind: 'afterCount', delivered: this.skipped + this.delivered });
  }

  close(): void {
    if (this.ended) return;
    this.ended = true;
    this.source.close();
  }
}
