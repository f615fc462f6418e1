import type { SplitStatement } from '../../parser/splitter.ts';
import type { ExecuteOptions, QueryStatistics, Result, RowChunk, RowsResult, Session } from '../../session/session.ts';
import { monotonicMillis } from './monotonic-millis.ts';

/** The page size of Cassandra's drivers when nobody says otherwise. */
const DRIVER_PAGE_ROWS = 5000;

/**
 * Runs a statement page by page, as every driver does, and gives all rows as one result. Strict sessions need it: Cassandra
 * refuses to page some queries (ORDER BY with IN on the partition key), and so refuses them altogether by default.
 */
export async function executePaged(
  session: Session,
  statement: string | SplitStatement,
  options: ExecuteOptions,
): Promise<Result> {
  const startedMillis = monotonicMillis();
  const first = await session.execute(statement, { ...options, pageSize: DRIVER_PAGE_ROWS });
  return first.kind === 'rows' ? new PagedResult(session, statement, options, first, startedMillis) : first;
}

class PagedResult implements RowsResult {
  readonly kind = 'rows';
  readonly columns: RowsResult['columns'];
  private readonly session: Session;
  private readonly statement: string | SplitStatement;
  private readonly options: ExecuteOptions;
  private page: RowsResult;
  private readonly counted: QueryStatistics[] = [];
  private readonly startedMillis: number;

  constructor(
    session: Session,
    statement: string | SplitStatement,
    options: ExecuteOptions,
    first: RowsResult,
    startedMillis: number,
  ) {
    this.session = session;
    this.statement = statement;
    this.options = options;
    this.page = first;
    this.startedMillis = startedMillis;
    this.columns = first.columns;
  }

  get warnings(): readonly string[] {
    return this.page.warnings;
  }

  get notes(): readonly string[] {
    return this.page.notes;
  }

  async next(): Promise<RowChunk | null> {
    for (;;) {
      const chunk = await this.page.next();
      if (chunk !== null) return chunk;
      const pagingState = this.page.pagingState();
      if (pagingState === null) return null;
      this.counted.push(this.page.statistics);
      const { trace } = this.options;
      const pageStarted = this.elapsedMicros();
      const next = await this.session.execute(this.statement, {
        ...this.options,
        trace:
          trace && (({ activity, elapsedMicros }) => trace({ activity, elapsedMicros: pageStarted + elapsedMicros })),
        pageSize: DRIVER_PAGE_ROWS,
        pagingState,
      });
      if (next.kind !== 'rows') return null;
      this.page = next;
    }
  }

  private elapsedMicros(): number {
    return Math.round((monotonicMillis() - this.startedMillis) * 1000);
  }

  pagingState(): null {
    return null;
  }

  close(): void {
    this.page.close();
  }

  get statistics(): QueryStatistics {
    const sum = { ...this.page.statistics };
    for (const page of this.counted) {
      sum.rows += page.rows;
      sum.partitions += page.partitions;
      sum.tombstones += page.tombstones;
      sum.blocks += page.blocks;
      sum.bytesRead += page.bytesRead;
      sum.bytesToRead += page.bytesToRead;
      sum.filterHits += page.filterHits;
      sum.filterMisses += page.filterMisses;
    }
    return sum;
  }
}
