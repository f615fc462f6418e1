import type { Aggregate, AggregateState, Grouping } from '../../planner/index.ts';
import { codecOf, type TypeCodec } from '../../types/index.ts';
import { compileExpression, type Evaluator, type RowReader } from '../evaluate/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { ArrayRowSet } from './array-rows.ts';
import { copyCell } from './copy-bytes.ts';
import { DistinctArguments } from './distinct-arguments.ts';
import type { RowSet, RowSource } from './row-set.ts';
import { loopsOf } from './state-loops.ts';
import { WorkSlices } from './work-slices.ts';

/** One aggregate of a statement, ready to run. */
export class AggregateRunner {
  readonly aggregate: Aggregate;
  private readonly context: StatementContext;
  private readonly args: readonly Evaluator[];
  /** The input that is the only argument, if it is one. */
  private readonly slot: number;
  /** explore: count(DISTINCT x) and the like. */
  private readonly distinct: DistinctArguments | null;

  /** `memoryLimitBytes`: for the values of DISTINCT. */
  constructor(aggregate: Aggregate, context: StatementContext, memoryLimitBytes: number) {
    this.aggregate = aggregate;
    this.context = context;
    this.args = aggregate.args.map((argument) => compileExpression(argument, context));
    const [first] = aggregate.args;
    this.slot = aggregate.args.length === 1 && first.kind === 'input' && !aggregate.distinct ? first.slot : -1;
    const types = aggregate.args.map(({ type }) => type);
    this.distinct = aggregate.distinct ? new DistinctArguments(types, memoryLimitBytes) : null;
  }

  createState(): AggregateState {
    return this.aggregate.function.createState(this.context);
  }

  private addRow(state: AggregateState, row: RowReader, group: number): void {
    const args = this.args.map((argument) => argument(row));
    if (this.distinct === null) state.add(args);
    else if (this.distinct.isFirst(group, args)) state.add(args.map(copyCell));
  }

  /** Rows `[from, to)` of a set, of the only group that is being read: bytes are read in place where the state can. */
  addRows(state: AggregateState, set: RowSet, from: number, to: number): void {
    if (this.args.length === 0 && state.addRows !== undefined) {
      state.addRows(to - from);
      return;
    }
    const { batch } = set;
    if (batch === null || this.slot < 0 || state.addRange === undefined) {
      for (let i = from; i < to; i++) this.addRow(state, set.row(i), 0);
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
        else this.addRow(state, set.row(i), indexes[i]);
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

  /** Whether `finish` has something to do. */
  get waits(): boolean {
    return this.distinct !== null;
  }

  /** To be called once all rows of the groups were added, before their results are asked. `k` as above. */
  async finish(groups: readonly Group[], k: number, slices: WorkSlices): Promise<void> {
    await this.distinct?.finish((group, args) => groups[group].states[k].add(args), slices);
  }

  close(): void {
    this.distinct?.close();
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
  /** Bytes that the groups themselves may take, where there can be many. */
  readonly memoryLimitBytes: number;
}

/** What each aggregate puts off until all rows of the groups were added. */
export async function finishGroups(
  { runners }: GroupSettings,
  groups: readonly Group[],
  slices: WorkSlices,
): Promise<void> {
  for (let k = 0; k < runners.length; k++) if (runners[k].waits) await runners[k].finish(groups, k, slices);
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
export async function groupAll(
  input: RowSource,
  settings: GroupSettings,
  { signal }: StatementContext,
): Promise<RowSet> {
  let group: Group | null = null;
  for (let set = await input.next(); set !== null; set = await input.next()) {
    group ??= newGroup(settings, set.row(0));
    for (let k = 0; k < settings.runners.length; k++) settings.runners[k].addRows(group.states[k], set, 0, set.count);
  }
  if (group !== null) await finishGroups(settings, [group], new WorkSlices(signal));
  return new ArrayRowSet([groupValues(group ?? newGroup(settings, null))]);
}

/** Groups of rows that follow each other with the same partition and the same first clustering columns. */
export class PrefixGroups implements RowSource {
  private readonly input: RowSource;
  private readonly settings: GroupSettings;
  private readonly keys: readonly Evaluator[];
  private readonly codecs: readonly TypeCodec[];
  private readonly waits: boolean;
  private readonly slices: WorkSlices;
  private group: Group | null = null;
  private partition = -1;
  private inPartition = 0;
  private lastKey: (Uint8Array | null)[] = [];

  constructor(
    input: RowSource,
    settings: GroupSettings,
    { columns, lastFunction }: Extract<Grouping, { kind: 'prefix' }>,
    context: StatementContext,
  ) {
    this.input = input;
    this.settings = settings;
    const keys = lastFunction === null ? columns : [...columns.slice(0, -1), lastFunction];
    this.keys = keys.map((key) => compileExpression(key, context));
    this.codecs = keys.map(({ type }) => codecOf(type));
    this.waits = settings.runners.some(({ waits }) => waits);
    this.slices = new WorkSlices(context.signal);
  }

  async next(): Promise<RowSet | null> {
    const finished: (Uint8Array | null)[][] = [];
    for (let set = await this.input.next(); set !== null; set = await this.input.next()) {
      await this.addSet(set, finished);
      if (finished.length > 0) return new ArrayRowSet(finished);
    }
    if (this.group !== null && this.waits) await finishGroups(this.settings, [this.group], this.slices);
    this.finish(finished);
    return finished.length === 0 ? null : new ArrayRowSet(finished);
  }

  private async addSet(set: RowSet, finished: (Uint8Array | null)[][]): Promise<void> {
    let from = 0;
    for (let i = 0; i < set.count; i++) {
      if (this.group !== null && this.continues(set, i)) continue;
      if (this.group !== null) {
        this.addRows(set, from, i);
        if (this.waits) await finishGroups(this.settings, [this.group], this.slices);
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
    return this.keys.map((key) => key(row));
  }

  private continues(set: RowSet, i: number): boolean {
    if (set.partition(i) !== this.partition) return false;
    if (this.lastKey.length === 0) return true;
    return this.keyOf(set.row(i)).every((bytes, k) => areEqual(this.codecs[k], bytes, this.lastKey[k]));
  }

  private finish(finished: (Uint8Array | null)[][]): void {
    if (this.group === null) return;
    const { perPartitionLimit } = this.settings;
    if (perPartitionLimit === null || this.inPartition++ < perPartitionLimit) finished.push(groupValues(this.group));
    this.group = null;
  }

  close(): void {
    for (const runner of this.settings.runners) runner.close();
    this.input.close();
  }
}

function areEqual(codec: TypeCodec, a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return codec.compare(a, 0, a.length, b, 0, b.length) === 0;
}
