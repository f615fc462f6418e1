import type { Aggregate, AggregateState, Grouping } from '../../planner/index.ts';
import { compileExpression, type Evaluator, type RowReader } from '../evaluate/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { ArrayRowSet } from './array-rows.ts';
import { copyCell } from './copy-bytes.ts';
import { rowKey } from './distinct-rows.ts';
import type { RowSet, RowSource } from './row-set.ts';
import { loopsOf } from './state-loops.ts';

/** One aggregate of a statement, ready to run. */
export class AggregateRunner {
  readonly aggregate: Aggregate;
  private readonly context: StatementContext;
  private readonly args: readonly Evaluator[];
  /** The input that is the only argument, if it is one. */
  private readonly slot: number;

  constructor(aggregate: Aggregate, context: StatementContext) {
    this.aggregate = aggregate;
    this.context = context;
    this.args = aggregate.args.map((argument) => compileExpression(argument, context));
    const [first] = aggregate.args;
    this.slot = aggregate.args.length === 1 && first.kind === 'input' && !aggregate.distinct ? first.slot : -1;
  }

  createState(): AggregateState {
    const state = this.aggregate.function.createState(this.context);
    return this.aggregate.distinct ? new DistinctState(state) : state;
  }

  addRow(state: AggregateState, row: RowReader): void {
    state.add(this.args.map((argument) => argument(row)));
  }

  /** Rows `[from, to)` of a set at once: bytes are read in place where the state can. */
  addRows(state: AggregateState, set: RowSet, from: number, to: number): void {
    if (this.args.length === 0 && state.addRows !== undefined) {
      state.addRows(to - from);
      return;
    }
    const { batch } = set;
    if (batch === null || this.slot < 0 || state.addRange === undefined) {
      for (let i = from; i < to; i++) this.addRow(state, set.row(i));
      return;
    }
    loopsOf(state).addAll(state, batch.columns.columns[this.slot], batch.rows, from, to);
  }

  /** Each row of a set to the group whose number it has; rows with -1 to none. `k`: which of the group's states. */
  addGrouped(set: RowSet, indexes: Int32Array, groups: readonly Group[], k: number): void {
    const { batch } = set;
    // States of one aggregate are of one class.
    if (batch === null || this.slot < 0 || groups.length === 0 || groups[0].states[k].addRange === undefined) {
      for (let i = 0; i < set.count; i++) {
        if (indexes[i] < 0) continue;
        const state = groups[indexes[i]].states[k];
        if (this.args.length === 0 && state.addRows !== undefined) state.addRows(1);
        else this.addRow(state, set.row(i));
      }
      return;
    }
    loopsOf(groups[0].states[k]).addGrouped(
      groups,
      k,
      batch.columns.columns[this.slot],
      batch.rows,
      set.count,
      indexes,
    );
  }
}

/** explore: count(DISTINCT x) and the like. */
class DistinctState implements AggregateState {
  private readonly inner: AggregateState;
  private readonly seen = new Set<string>();

  constructor(inner: AggregateState) {
    this.inner = inner;
  }

  add(args: readonly (Uint8Array | null)[]): void {
    const key = rowKey(args, args.length);
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.inner.add(args.map((bytes) => copyCell(bytes)));
  }

  result(): Uint8Array | null {
    return this.inner.result();
  }
}

/** The group whose rows are being read: the inputs of its first row, and the states of its aggregates. */
export interface Group {
  readonly first: readonly (Uint8Array | null)[];
  readonly states: readonly AggregateState[];
}

export interface GroupSettings {
  readonly runners: readonly AggregateRunner[];
  readonly inputCount: number;
  /** Inputs that the answer takes from a group's first row. */
  readonly firstSlots: readonly number[];
  /** PER PARTITION LIMIT, of groups; null for none. */
  readonly perPartitionLimit: number | null;
}

export function newGroup(settings: GroupSettings, row: RowReader | null): Group {
  const first: (Uint8Array | null)[] = new Array(settings.inputCount).fill(null);
  if (row !== null) for (const slot of settings.firstSlots) first[slot] = copyCell(row.value(slot));
  return { first, states: settings.runners.map((runner) => runner.createState()) };
}

/** Results may share memory with what the next group overwrites, so they are taken when the group ends. */
export function groupValues({ first, states }: Group): (Uint8Array | null)[] {
  return [...first, ...states.map((state) => state.result())];
}

/** All rows are one group, which exists even without rows: `count(*)` of nothing is 0. */
export async function groupAll(input: RowSource, settings: GroupSettings): Promise<RowSet> {
  let group: Group | null = null;
  for (let set = await input.next(); set !== null; set = await input.next()) {
    group ??= newGroup(settings, set.row(0));
    for (let k = 0; k < settings.runners.length; k++) settings.runners[k].addRows(group.states[k], set, 0, set.count);
  }
  return new ArrayRowSet([groupValues(group ?? newGroup(settings, null))]);
}

/** Groups of rows that follow each other with the same partition and the same first clustering columns. */
export class PrefixGroups implements RowSource {
  private readonly input: RowSource;
  private readonly settings: GroupSettings;
  private readonly slots: readonly number[];
  private readonly lastFunction: Evaluator | null;
  private group: Group | null = null;
  private partition = -1;
  private inPartition = 0;
  private lastKey: (Uint8Array | null)[] = [];

  constructor(
    input: RowSource,
    settings: GroupSettings,
    grouping: Extract<Grouping, { kind: 'prefix' }>,
    lastFunction: Evaluator | null,
  ) {
    this.input = input;
    this.settings = settings;
    this.slots = lastFunction === null ? grouping.slots : grouping.slots.slice(0, -1);
    this.lastFunction = lastFunction;
  }

  async next(): Promise<RowSet | null> {
    const finished: (Uint8Array | null)[][] = [];
    for (let set = await this.input.next(); set !== null; set = await this.input.next()) {
      this.addSet(set, finished);
      if (finished.length > 0) return new ArrayRowSet(finished);
    }
    if (this.group !== null) this.finish(finished);
    return finished.length === 0 ? null : new ArrayRowSet(finished);
  }

  private addSet(set: RowSet, finished: (Uint8Array | null)[][]): void {
    let from = 0;
    for (let i = 0; i < set.count; i++) {
      if (this.group !== null && this.continues(set, i)) continue;
      if (this.group !== null) {
        this.addRows(set, from, i);
        this.finish(finished);
      }
      this.begin(set, i);
      from = i;
    }
    this.addRows(set, from, set.count);
  }

  private addRows(set: RowSet, from: number, to: number): void {
    const { group, settings } = this;
    if (group === null || from === to) return;
    for (let k = 0; k < settings.runners.length; k++) settings.runners[k].addRows(group.states[k], set, from, to);
  }

  private begin(set: RowSet, i: number): void {
    const row = set.row(i);
    this.group = newGroup(this.settings, row);
    const partition = set.partition(i);
    if (partition !== this.partition) this.inPartition = 0;
    this.partition = partition;
    this.lastKey = this.keyOf(row).map((bytes) => copyCell(bytes));
  }

  private keyOf(row: RowReader): (Uint8Array | null)[] {
    const key = this.slots.map((slot) => row.value(slot));
    return this.lastFunction === null ? key : [...key, this.lastFunction(row)];
  }

  private continues(set: RowSet, i: number): boolean {
    if (set.partition(i) !== this.partition) return false;
    if (this.lastKey.length === 0) return true;
    return this.keyOf(set.row(i)).every((bytes, k) => sameBytes(bytes, this.lastKey[k]));
  }

  private finish(finished: (Uint8Array | null)[][]): void {
    if (this.group === null) return;
    const { perPartitionLimit } = this.settings;
    if (perPartitionLimit === null || this.inPartition++ < perPartitionLimit) finished.push(groupValues(this.group));
    this.group = null;
  }

  close(): void {
    this.input.close();
  }
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
