import type { Result, ResultColumn } from '../session/session.ts';
import { type CqlValue, codecOf } from '../types/index.ts';

/** A row by column name. */
export type Row = Readonly<Record<string, CqlValue>>;

export interface QueryOptions {
  /** Rows a page; all rows when absent. */
  readonly pageSize?: number;
  /** `ResultSet.pagingState` of the page before. */
  readonly pagingState?: Uint8Array | null;
  /** Default write timestamp in microseconds. */
  readonly timestamp?: bigint | number;
  /** Accepted and kept for clusters; a directory is always consistent. */
  readonly consistency?: string;
  readonly signal?: AbortSignal;
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
  for await (const row of decodeRows(result)) rows.push(row);
  return new ResultSet(result.columns, rows, result.pagingState(), warnings);
}

/** Rows as they come; memory stays that of one chunk. */
export async function* decodeRows(result: Extract<Result, { kind: 'rows' }>): AsyncGenerator<Row> {
  const codecs = result.columns.map((column) => codecOf(column.type));
  const width = codecs.length;
  try {
    for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
      for (let i = 0; i < chunk.rowCount; i++) {
        const row: Record<string, CqlValue> = {};
        for (let column = 0; column < width; column++) {
          const cell = chunk.cells[i * width + column];
          // Decoded values own their bytes: the chunk's memory is used again.
          row[result.columns[column].name] = cell === null ? null : codecs[column].decode(cell.slice(), 0, cell.length);
        }
        yield row;
      }
    }
  } finally {
    result.close();
  }
}
