import type { ValueFilter } from '../filter-rows.ts';
import type { ColumnVector } from '../row-batch.ts';
import type { FastBatch } from './fast-batch.ts';
import { plainRowsText } from './plain-rows-text.ts';
import { type ColumnsLayout, NO_SLOT, type RowLayout } from './row-layout.ts';

/**
 * Decodes, filters and delivers ordinary rows: from offset `p` of the window on, as long as nothing but ordinary rows
 * comes, until `maxRows` are in the batch or a row would begin at `stop`. Returns the offset of what it leaves to the general decoder, before which
 * nothing is lost; all else that it found out is in `run`.
 *
 * Ordinary: the row is whole before `limit`, is not deleted, and not expired; the cells asked for are alive, have no TTL
 * but the row's, and values of less than 16 KiB; its partition is not deleted.
 */
export type PlainRows = (
  bytes: Uint8Array,
  p: number,
  limit: number,
  end: number,
  maxRows: number,
  stop: number,
  run: PlainRun,
  batch: FastBatch,
  filters: readonly ValueFilter[],
) => number;

/** What goes into a run of plain rows, and comes out of it. */
export interface PlainRun {
  readonly nowSeconds: number;
  readonly minLocalSeconds: number;
  /** The next row of the batch. */
  rows: number;
  /** Number of the open partition, or of the last one. */
  ordinal: number;
  /** Partitions that were begun. */
  partitions: number;
  /** Visible rows, whether they passed the filters or not. */
  seen: number;
  keySource: Uint8Array;
  keyStart: number;
  keyEnd: number;
  /** Ranges of the key's components within `keySource`. */
  readonly keyStarts: Int32Array;
  readonly keyEnds: Int32Array;
  /** The partition's static values, one element by slot. */
  readonly statics: readonly ColumnVector[];
  readonly cells: ComplexCells;
}

/** Reads multi-cell columns, which have a loop of their own. */
export interface ComplexCells {
  /** Passes regular column `c` at `p`, with its value to row `i` of the batch if it is asked for; returns the offset behind. */
  passComplex(c: number, p: number, end: number, flags: number, rowLocalSeconds: number, i: number): number;
  /** The column passed last has a live cell. */
  readonly isComplexAlive: boolean;
}

/** Functions by their text: a plan that is run again finds its code compiled and optimised. */
const compiled = new Map<string, PlainRows>();
const MOST_COMPILED = 200;

/**
 * The function for one layout and the forms of the filters: loops over columns are unrolled, and lengths and slots are
 * constants in its text, which is made of numbers and names of types only. What a statement's values are is passed in, so
 * that statements of one shape share a function; and no function is shared by shapes, so that none becomes polymorphic.
 */
export function compilePlainRows(layout: RowLayout, filters: readonly ValueFilter[]): PlainRows {
  return compile(plainRowsText(layout, filters, true));
}

/** The same where rows are only counted: nothing is written to the batch. */
export function compilePlainCount(layout: RowLayout): PlainRows {
  return compile(plainRowsText(withoutColumns(layout), [], false));
}

function compile(text: string): PlainRows {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  // The parameters and the result are those of PlainRows.
  const made = new Function('b', 'p', 'limit', 'end', 'maxRows', 'stop', 'run', 'batch', 'filters', text) as PlainRows;
  compiled.set(text, made);
  return made;
}

/** The layout of a scan that looks at no value. */
function withoutColumns(layout: RowLayout): RowLayout {
  const without = (columns: ColumnsLayout): ColumnsLayout => ({
    ...columns,
    slots: columns.slots.map(() => NO_SLOT),
    wantedEnd: 0,
    storedSlots: NO_SLOTS,
  });
  return {
    ...layout,
    clusteringSlots: NO_SLOTS,
    keySlots: NO_SLOTS,
    absentSlots: NO_SLOTS,
    regulars: without(layout.regulars),
    statics: without(layout.statics),
  };
}

const NO_SLOTS = new Int32Array(0);
