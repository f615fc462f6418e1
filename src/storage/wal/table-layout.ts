import { type ByteCursor, type ByteSink, fromHex, toHex } from '../../bytes/index.ts';
import { invariant } from '../../errors/index.ts';
import type { ColumnMetadata, TableMetadata } from '../../schema/model/index.ts';

/**
 * The names behind a mutation's column indexes, as they were when it was written
 *
 *   layout   table id, 16 bytes; vint statics, names; vint regulars, names      name: vint length, UTF-8
 */
export interface TableLayout {
  readonly tableId: string;
  readonly statics: readonly string[];
  readonly regulars: readonly string[];
}

export function encodeLayout(sink: ByteSink, table: TableMetadata): void {
  encodeTableId(sink, table.id);
  encodeNames(sink, table.statics);
  encodeNames(sink, table.regulars);
}

export function decodeLayout(cursor: ByteCursor): TableLayout {
  const tableId = toHex(cursor.slice(16));
  const statics = decodeNames(cursor);
  return { tableId, statics, regulars: decodeNames(cursor) };
}

export function encodeTableId(sink: ByteSink, id: string): void {
  const bytes = fromHex(id);
  invariant(bytes !== null && bytes.length === 16, `${id} is no table id`);
  sink.append(bytes);
}

function encodeNames(sink: ByteSink, columns: readonly ColumnMetadata[]): void {
  sink.unsignedVint(columns.length);
  for (const column of columns) sink.vintBytes(Buffer.from(column.name));
}

function decodeNames(cursor: ByteCursor): string[] {
  const names: string[] = [];
  for (let left = cursor.unsignedVint(); left > 0; left--) names.push(cursor.utf8(cursor.unsignedVint()));
  return names;
}
