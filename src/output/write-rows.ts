import type { RowsResult } from '../session/session.ts';
import type { OutputSink, RowFormat } from './row-format.ts';

/** Streams a result through a format into a sink; memory stays that of one chunk. Returns the number of rows. */
export async function writeRows(result: RowsResult, format: RowFormat, sink: OutputSink): Promise<number> {
  let rows = 0;
  try {
    // A statement that fails before its first row must leave nothing in the output.
    let chunk = await result.next();
    format.begin();
    for (; chunk !== null; chunk = await result.next()) {
      format.rows(chunk);
      rows += chunk.rowCount;
      await sink.drain();
    }
    await format.end();
    await sink.drain();
  } finally {
    result.close();
  }
  return rows;
}
