import type { CqlType } from '../../types/index.ts';
import { type CounterTotal, counterTotal } from '../merge/index.ts';
import { NO_DELETION_TIME, NO_PATH, type Partition, type Row } from '../rows/index.ts';
import type { BatchTarget } from './batch-target.ts';
import { compileFilters, type RowTest, testOfRow } from './filter-rows.ts';
import { assembleMultiCell, assembleTimes, putInt32 } from './multi-cell-value.ts';
import { PartitionValues, splitPartitionKey } from './partition-values.ts';
import { NULL_VALUE, type ScanColumn } from './row-batch.ts';
import type { ScanRequest } from './scan-request.ts';

/**
 * Turns reconciled rows into the rows that CQL sees at `nowSeconds`, by column: what `db/Filter` and
 * `SelectStatement.processPartition` do in 5.0.8. A row is visible when its primary key liveness is alive or any of its
 * cells is, asked for or not. Values are copied into the batch's arena, so that the stream may move on.
 */
export class RowBatcher {
  private readonly memory: BatchTarget;
  private readonly nowSeconds: number;
  private readonly strictLiveness: boolean;
  private readonly keyComponents: number;
  private readonly keyStart: Int32Array;
  private readonly keyEnd: Int32Array;
  private readonly keys: KeySlots;
  private readonly clusterings: KeySlots;
  /** Slots with one value for all rows of a partition: keys and statics. */
  private readonly sharedSlots: Int32Array;
  private readonly regulars: CellSlots;
  private readonly statics: CellSlots;
  private readonly shared: PartitionValues;
  private readonly test: RowTest | null;
  private readonly total: CounterTotal = { hi: 0, lo: 0 };
  private liveCells = new Int32Array(16);
  private tokenHi = 0;
  private tokenLo = 0;
  /** Of the partition begun last; to be raised by whoever delivers partitions to the same batch otherwise. */
  ordinal = -1;
  /** The partition's static row has a live cell. */
  hasLiveStatic = false;

  constructor(request: ScanRequest, memory: BatchTarget) {
    const { table, columns } = request;
    this.memory = memory;
    this.nowSeconds = request.nowSeconds;
    this.strictLiveness = request.strictLiveness ?? false;
    this.keyComponents = table.partitionKey.length;
    this.keyStart = new Int32Array(this.keyComponents);
    this.keyEnd = new Int32Array(this.keyComponents);
    this.keys = keySlots(columns, 'partition_key');
    this.clusterings = keySlots(columns, 'clustering');
    this.regulars = new CellSlots(columns, 'regular', table.regulars.length);
    this.statics = new CellSlots(columns, 'static', table.statics.length);
    this.sharedSlots = Int32Array.of(...this.keys.slots, ...this.statics.used);
    this.shared = new PartitionValues(columns.length);
    this.test = testOfRow(compileFilters(columns, request.filters));
  }

  /** Begins a batch; values shared with rows still to come of the open partition are kept. */
  beginBatch(): void {
    this.shared.own();
    this.memory.reset();
  }

  beginPartition(partition: Partition): void {
    const { memory, shared } = this;
    if (memory.length === 0) memory.arena.reset();
    this.ordinal++;
    this.tokenHi = partition.tokenHi;
    this.tokenLo = partition.tokenLo;
    this.hasLiveStatic = false;
    shared.clear();
    const { slots, positions } = this.keys;
    if (slots.length === 0) return;
    splitPartitionKey(partition, this.keyComponents, this.keyStart, this.keyEnd);
    for (let k = 0; k < slots.length; k++) {
      const position = positions[k];
      memory.arena.copy(partition.key, this.keyStart[position], this.keyEnd[position]);
      const { chunk, start } = memory.arena;
      shared.set(slots[k], chunk, start, start + this.keyEnd[position] - this.keyStart[position]);
    }
  }

  staticRow(row: Row): void {
    this.hasLiveStatic = this.readCells(row, this.statics, true);
  }

  /** Adds the row when it is visible and passes the filters; `added` and `visible` differ by the filters. */
  row(row: Row): RowOutcome {
    this.nullRegulars();
    const liveness = row.isLiveLiveness(this.nowSeconds);
    if (this.strictLiveness && !liveness) return 'hidden';
    if (!this.readCells(row, this.regulars, false) && !liveness) return 'hidden';
    const { clustering } = row;
    const { slots, positions } = this.clusterings;
    for (let k = 0; k < slots.length; k++) {
      const position = positions[k];
      if (position >= clustering.size || clustering.isNull(position)) this.nullSlot(slots[k]);
      else this.put(slots[k], clustering.source, clustering.start[position], clustering.end[position]);
    }
    return this.finishRow();
  }

  /** Adds a row with the partition's key and static values only. */
  partitionRow(): RowOutcome {
    this.nullRegulars();
    const { slots } = this.clusterings;
    for (let k = 0; k < slots.length; k++) this.nullSlot(slots[k]);
    return this.finishRow();
  }

  /** Whether the row is visible, without delivering it. */
  isVisible(row: Row): boolean {
    if (row.isLiveLiveness(this.nowSeconds)) return true;
    return !this.strictLiveness && this.hasLiveCell(row);
  }

  hasLiveCell(row: Row): boolean {
    for (let cell = 0; cell < row.cellCount; cell++) if (row.isLiveCell(cell, this.nowSeconds)) return true;
    return false;
  }

  private nullRegulars(): void {
    const { used } = this.regulars;
    for (let k = 0; k < used.length; k++) this.nullSlot(used[k]);
  }

  private nullSlot(slot: number): void {
    this.memory.columns[slot].end[this.memory.length] = NULL_VALUE;
  }

  private finishRow(): RowOutcome {
    const { memory } = this;
    const i = memory.length;
    const { sharedSlots } = this;
    for (let k = 0; k < sharedSlots.length; k++) this.shared.writeTo(memory.columns[sharedSlots[k]], i, sharedSlots[k]);
    if (this.test !== null && !this.test(memory.columns, i)) return 'filtered';
    memory.partitionOrdinal[i] = this.ordinal;
    memory.setToken(i, this.tokenHi, this.tokenLo);
    memory.length = i + 1;
    return 'added';
  }

  /** Delivers the live cells of the columns asked for; true when any cell at all is live. */
  private readCells(row: Row, slots: CellSlots, shared: boolean): boolean {
    let live = false;
    const { cellCount, cellColumn, cellLocalSeconds } = row;
    for (let cell = 0; cell < cellCount; ) {
      const column = cellColumn[cell];
      const first = slots.first[column];
      if (row.pathEnd[cell] === NO_PATH) {
        if (cellLocalSeconds[cell] === NO_DELETION_TIME || row.isLiveCell(cell, this.nowSeconds)) {
          live = true;
          for (let slot = first; slot !== NO_SLOT; slot = slots.following[slot]) {
            this.simpleCell(row, cell, slot, slots, shared);
          }
        }
        cell++;
        continue;
      }
      let count = 0;
      for (; cell < cellCount && cellColumn[cell] === column; cell++) {
        if (row.isLiveCell(cell, this.nowSeconds)) count = this.noteLive(count, cell);
      }
      if (count === 0) continue;
      live = true;
      for (let slot = first; slot !== NO_SLOT; slot = slots.following[slot]) {
        this.complexCells(row, count, slot, slots, shared);
      }
    }
    return live;
  }

  private noteLive(count: number, cell: number): number {
    if (count === this.liveCells.length) {
      const grown = new Int32Array(count * 2);
      grown.set(this.liveCells);
      this.liveCells = grown;
    }
    this.liveCells[count] = cell;
    return count + 1;
  }

  private simpleCell(row: Row, cell: number, slot: number, slots: CellSlots, shared: boolean): void {
    const { arena } = this.memory;
    if (slots.isPlainValue[slot] !== 0) {
      const start = row.valueStart[cell];
      const end = row.valueEnd[cell];
      arena.copy(row.cellSource[cell], start, end);
      this.publish(slot, end - start, shared);
      return;
    }
    let length = 0;
    switch (slots.wanted[slot]) {
      case 'value':
        counterTotal(row.cellSource[cell], row.valueStart[cell], row.valueEnd[cell], this.total);
        length = this.putLong(this.total.hi, this.total.lo);
        break;
      case 'writetime':
        length = this.putLong(row.cellHi[cell], row.cellLo[cell]);
        break;
      case 'ttl':
        if (!row.isExpiring(cell)) return;
        arena.allocate(4);
        putInt32(arena.chunk, arena.start, row.cellLocalSeconds[cell] - this.nowSeconds);
        length = 4;
        break;
    }
    this.publish(slot, length, shared);
  }

  private complexCells(row: Row, count: number, slot: number, slots: CellSlots, shared: boolean): void {
    const { arena } = this.memory;
    const type = slots.types[slot];
    const wanted = slots.wanted[slot];
    const length =
      wanted === 'value'
        ? assembleMultiCell(type, row, this.liveCells, count, arena)
        : assembleTimes(type, row, this.liveCells, count, wanted, this.nowSeconds, arena);
    this.publish(slot, length, shared);
  }

  private putLong(hi: number, lo: number): number {
    const { arena } = this.memory;
    arena.allocate(8);
    putInt32(arena.chunk, putInt32(arena.chunk, arena.start, hi), lo);
    return 8;
  }

  private put(slot: number, source: Uint8Array, start: number, end: number): void {
    this.memory.arena.copy(source, start, end);
    this.publish(slot, end - start, false);
  }

  /** Makes the arena's last bytes the value of a slot in the row, or in all rows of the partition. */
  private publish(slot: number, length: number, shared: boolean): void {
    const { chunk, start } = this.memory.arena;
    if (shared) {
      this.shared.set(slot, chunk, start, start + length);
      return;
    }
    const i = this.memory.length;
    const vector = this.memory.columns[slot];
    // Writing a reference costs the collector's barrier; nearly always it is there already.
    if (vector.source[i] !== chunk) vector.source[i] = chunk;
    vector.start[i] = start;
    vector.end[i] = start + length;
  }
}

/** `filtered`: visible, but refused by a filter. */
export type RowOutcome = 'added' | 'filtered' | 'hidden';

const NO_SLOT = -1;

/** Columns of the key that are asked for: a slot is the index of a column in the request. */
interface KeySlots {
  readonly slots: Int32Array;
  readonly positions: Int32Array;
}

function keySlots(columns: readonly ScanColumn[], kind: 'partition_key' | 'clustering'): KeySlots {
  const slots = columns.flatMap(({ column }, slot) => (column.kind === kind ? [slot] : []));
  return { slots: Int32Array.from(slots), positions: Int32Array.from(slots, (slot) => columns[slot].column.position) };
}

/** From a stored column to the slots that want it: `first[column]`, then `following[slot]` until NO_SLOT. */
class CellSlots {
  readonly used: Int32Array;
  readonly first: Int32Array;
  readonly following: Int32Array;
  readonly wanted: readonly ScanColumn['wanted'][];
  readonly types: readonly CqlType[];
  /** 1 for values that are delivered as they are stored: neither counters nor times. */
  readonly isPlainValue: Uint8Array;

  constructor(columns: readonly ScanColumn[], kind: 'regular' | 'static', stored: number) {
    this.used = Int32Array.from(columns.flatMap(({ column }, slot) => (column.kind === kind ? [slot] : [])));
    this.first = new Int32Array(stored).fill(NO_SLOT);
    this.following = new Int32Array(columns.length).fill(NO_SLOT);
    this.wanted = columns.map((column) => column.wanted);
    this.types = columns.map(({ column }) => column.type);
    this.isPlainValue = Uint8Array.from(columns, ({ column: { type }, wanted }) =>
      wanted === 'value' && !(type.kind === 'native' && type.name === 'counter') ? 1 : 0,
    );
    for (const slot of [...this.used].reverse()) {
      const { position } = columns[slot].column;
      this.following[slot] = this.first[position];
      this.first[position] = slot;
    }
  }
}
