import type { ResultColumn, RowChunk } from '../session/session.ts';
import { type CqlValue, codecOf } from '../types/index.ts';

/** A row by column name. Of columns with the same name the last one stands: `AS` gives each its own. */
export type Row = Readonly<Record<string, CqlValue>>;

/** Makes the object of row `i` of a chunk. */
export type RowDecoder = (chunk: RowChunk, i: number) => Row;

type CellDecoder = (cell: Uint8Array | null) => CqlValue;
type RowMaker = (decoders: readonly CellDecoder[], cells: RowChunk['cells'], at: number) => Row;

/** How a result's rows are made. Decoded values own their bytes. */
export function rowDecoder(columns: readonly ResultColumn[]): RowDecoder {
  const decoders = columns.map(({ type }): CellDecoder => {
    const codec = codecOf(type);
    return (cell) => (cell === null ? null : codec.decode(cell, 0, cell.length));
  });
  const make = rowMaker(columns.map(({ name }) => name));
  const width = columns.length;
  return ({ cells }, i) => make(decoders, cells, i * width);
}

const MOST_MAKERS = 256;
const makers = new Map<string, RowMaker>();

/**
 * A function whose text has the columns' names: all rows share one hidden class, and none is filled property by property.
 * Making it costs more than a row, so those of the last statements are kept.
 */
function rowMaker(names: readonly string[]): RowMaker {
  const key = JSON.stringify(names);
  const known = makers.get(key);
  if (known !== undefined) return known;
  // In brackets `__proto__` is a property like any other.
  const properties = names.map((name, k) => `[${JSON.stringify(name)}]: decoders[${k}](cells[at + ${k}])`);
  // Function's own type says nothing of what its text returns.
  const made = new Function('decoders', 'cells', 'at', `return { ${properties.join(', ')} };`) as RowMaker;
  if (makers.size >= MOST_MAKERS) makers.clear();
  makers.set(key, made);
  return made;
}
