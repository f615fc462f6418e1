import type { ColumnVector } from '../row-batch.ts';
import { type ColumnsLayout, NO_SLOT } from './row-layout.ts';

/**
 * Decodes the cells of a row that has all columns: from offset `p` of `bytes` into element `i` of the vectors. Returns
 * the offset behind the last cell asked for; NOT_PLAIN, having changed nothing that counts, when a cell among those asked for is anything but alive, with the row's
 * timestamp and a value shorter than 128 bytes; the general decoder then reads the row from its start.
 */
export type PlainCells = (bytes: Uint8Array, p: number, i: number, vectors: readonly ColumnVector[]) => number;

export const NOT_PLAIN = -1;

/** Flags of a live cell with a value and the row's timestamp. */
const PLAIN_CELL = 0x08;
const MAX_SHORT_LENGTH = 0x7f;

/**
 * A decoder made for the regular columns of one layout: the loop over columns is unrolled, and lengths and slots are constants in its text, which
 * halves the time of decoding. The text is made of numbers only. Multi-cell columns come behind all simple ones, so that
 * none lies between those asked for.
 */
export function compilePlainCells(layout: ColumnsLayout): PlainCells {
  const lines: string[] = [];
  for (let c = 0; c < layout.wantedEnd; c++) {
    const slot = layout.slots[c];
    const fixed = layout.lengths[c];
    lines.push(`if (b[p++] !== ${PLAIN_CELL}) return ${NOT_PLAIN};`);
    if (fixed < 0) lines.push(`n = b[p++]; if (n > ${MAX_SHORT_LENGTH}) return ${NOT_PLAIN};`);
    const length = fixed < 0 ? 'n' : String(fixed);
    if (slot !== NO_SLOT) {
      lines.push(
        `v = vectors[${slot}]; if (v.source[i] !== b) v.source[i] = b; v.start[i] = p; v.end[i] = p + ${length};`,
      );
    }
    lines.push(`p += ${length};`);
  }
  // The parameters and the result are those of PlainCells.
  return new Function('b', 'p', 'i', 'vectors', `let n = 0, v;\n${lines.join('\n')}\nreturn p;`) as PlainCells;
}
