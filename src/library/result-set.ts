import { UsageError } from '../errors/index.ts';
import type { ExecuteOptions, Result, ResultColumn } from '../session/session.ts';
import { type Row, rowDecoder } from './decode-row.ts';

/** How one statement runs. */
export interface QueryOptions {
  /** Rows a page; all rows when absent. */
  readonly pageSize?: number;
  /** `ResultSet.pagingState` of the page before, of this process or of another. */
  readonly pagingState?: Uint8Array | null;
  /** Default write timestamp in microseconds. */
  readonly timestamp?: bigint | number;
  /** Accepted and kept for clusters; a directory is always consistent. */
  readonly consistency?: string;
  /** Ends the query; its promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The session's options for them. Throws a UsageError for a page size or timestamp that is no whole number. */
export function executeOptions(options: QueryOptions, signal = options.signal): ExecuteOptions {
  const { pageSize, pagingState, timestamp, consistency } = options;
  if (pageSize !== undefined && !(Number.isInteger(pageSize) && pageSize > 0)) {
    throw new UsageError(`pageSize is a number of rows, 1 or more, not ${pageSize}`);
  }
  if (typeof timestamp === 'number' && !Number.isSafeInteger(timestamp)) {
    throw new UsageError(`timestamp is a whole number of microseconds, not ${timestamp}`);
  }
  return {
    pageSize,
    pagingState: pagingState ?? undefined,
    timestampMicros: timestamp === undefined ? undefined : BigInt(timestamp),
    consistency,
    signal,
  };
}

/** A statement's answer, decoded. */
export class ResultSet implements Iterable<Row> {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Row[];
  /** Set when there are more rows than the page asked for. */
  readonly pagingState: Uint8Array | null;
  /** Cassandra's warnings, and explore mode's notes. */
  readonly warnings: readonly string[];

  constructor(
    columns: readonly ResultColumn[],
    rows: readonly Row[],
    pagingState: Uint8Array | null,
    warnings: readonly string[],
  ) {
    this.columns = columns;
    this.rows = rows;
    this.pagingState = pagingState;
    this.warnings = warnings;
  }

  /** The first row; null where there is none. */
  first(): Row | null {
    return this.rows[0] ?? null;
  }

  /** Whether a conditional write was applied; true for every other statement. */
  wasApplied(): boolean {
    return this.columns[0]?.name !== '[applied]' || this.rows[0]?.['[applied]'] === true;
  }

  [Symbol.iterator](): Iterator<Row> {
    return this.rows[Symbol.iterator]();
  }
}

/** Reads a result to the end of its page. */
export async function collect(result: Result): Promise<ResultSet> {
  const warnings = [...result.warnings, ...result.notes];
  if (result.kind !== 'rows') return new ResultSet([], [], null, warnings);
  const rows: Row[] = [];
  try {
    const decode = rowDecoder(result.columns);
    for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
      for (let i = 0; i < chunk.rowCount; i++) rows.push(decode(chunk, i));
    }
    return new ResultSet(result.columns, rows, result.pagingState(), warnings);
  } finally {
    result.close();
  }
}
