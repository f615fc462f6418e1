import type { EmbeddedSession } from '../../src/session/embedded/embedded-session.ts';
import type { ExecuteOptions, RowsResult } from '../../src/session/session.ts';
import { type CqlValue, codecOf } from '../../src/types/index.ts';

/** All rows of one page, as hex (null for null). */
export async function hexRows(result: RowsResult): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  const width = result.columns.length;
  for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
    for (let row = 0; row < chunk.rowCount; row++) {
      const cells = chunk.cells.slice(row * width, (row + 1) * width);
      rows.push(cells.map((cell) => (cell === null ? null : Buffer.from(cell).toString('hex'))));
    }
  }
  return rows;
}

export async function rowsOf(session: EmbeddedSession, cql: string, options: ExecuteOptions = {}): Promise<RowsResult> {
  const result = await session.execute(cql, options);
  if (result.kind !== 'rows') throw new TypeError(`${cql} gave ${result.kind}`);
  return result;
}

/** Rows with values decoded by their columns' types. */
export async function decodedRows(session: EmbeddedSession, cql: string): Promise<CqlValue[][]> {
  const result = await rowsOf(session, cql);
  const codecs = result.columns.map(({ type }) => codecOf(type));
  const rows = await hexRows(result);
  return rows.map((row) =>
    row.map((hex, i) => {
      if (hex === null) return null;
      const bytes = Buffer.from(hex, 'hex');
      return codecs[i].decode(bytes, 0, bytes.length);
    }),
  );
}

/** The rows of all pages, each fetched with the state that the one before left. */
export async function pagedRows(session: EmbeddedSession, cql: string, pageSize: number): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  let pagingState: Uint8Array | null = null;
  do {
    const options: ExecuteOptions = pagingState === null ? { pageSize } : { pageSize, pagingState };
    const result: RowsResult = await rowsOf(session, cql, options);
    const page = await hexRows(result);
    if (page.length > pageSize) throw new TypeError(`a page of ${page.length} rows, ${pageSize} asked for`);
    rows.push(...page);
    pagingState = result.pagingState();
  } while (pagingState !== null);
  return rows;
}
