import type { TypedExpression } from '../../planner/index.ts';
import { type EqualityForm, equalityFormOf } from '../../types/index.ts';
import { compileExpression, type Evaluator, type RowReader } from '../evaluate/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { ArrayRowSet } from './array-rows.ts';
import { copyCell } from './copy-bytes.ts';
import { finishGroups, type Group, type GroupSettings, groupValues, newGroup } from './group-rows.ts';
import { KeyTable } from './key-table.ts';
import { copyValues, type RowSet, type RowSource } from './row-set.ts';
import type { SpillFile } from './spill-file.ts';
import { SpillParts } from './spill-parts.ts';
import { WorkSlices } from './work-slices.ts';

const GROUPS_A_SET = 1024;
/** Memory of a group beyond its key, and of a state of an aggregate. */
const GROUP_BYTES = 160;
const STATE_BYTES = 120;
/** A value that is kept of a group's first row. */
const VALUE_BYTES = 150;
/** Parts of parts that are split once more; those after hold what they are given. */
const DEEPEST_SPLIT = 4;

/** One expression of GROUP BY: the slot of an input column (-1: none), and how its values are computed and compared. */
interface Key {
  readonly slot: number;
  readonly evaluate: Evaluator;
  readonly form: EqualityForm | null;
}

/**
 * explore's GROUP BY: rows with equal keys, wherever they stand. Groups come in the order of their first rows. When they
 * outgrow the memory limit, rows of further keys go to disk, split by hash; each part is grouped after the others, so that
 * any number of groups ends.
 */
export class HashGroups implements RowSource {
  private readonly input: RowSource;
  private readonly settings: GroupSettings;
  private readonly keys: readonly Key[];
  private readonly context: StatementContext;
  private readonly expressions: readonly TypedExpression[];
  private readonly depth: number;
  private table = new KeyTable();
  private readonly groups: Group[] = [];
  /** Memory of the groups, besides the table of their keys. */
  private groupBytes = 0;
  private indexes = new Int32Array(1024);
  /** The keys of each group's first row, where equal keys may have other bytes; else the table has them. */
  private readonly firstKeys: (Uint8Array | null)[][] | null;
  private readonly spilled = new SpillParts();
  private rest: HashGroups | null = null;
  private readonly slices: WorkSlices;
  private isRead = false;
  private position = 0;

  constructor(
    input: RowSource,
    settings: GroupSettings,
    keys: readonly TypedExpression[],
    context: StatementContext,
    depth = 0,
  ) {
    this.input = input;
    this.settings = settings;
    this.expressions = keys;
    this.context = context;
    this.slices = new WorkSlices(context.signal);
    this.depth = depth;
    this.keys = keys.map((key) => ({
      slot: key.kind === 'input' ? key.slot : -1,
      evaluate: compileExpression(key, context),
      form: equalityFormOf(key.type),
    }));
    this.firstKeys = this.keys.some(({ form }) => form !== null) ? [] : null;
  }

  async next(): Promise<RowSet | null> {
    if (!this.isRead) await this.readAll();
    if (this.slices.isOver()) await this.slices.rest();
    if (this.position < this.groups.length) {
      const rows: (Uint8Array | null)[][] = [];
      const end = Math.min(this.groups.length, this.position + GROUPS_A_SET);
      for (; this.position < end; this.position++) {
        const keys = this.firstKeys?.[this.position] ?? this.table.parts(this.position);
        rows.push([...groupValues(this.groups[this.position]), ...keys]);
      }
      return new ArrayRowSet(rows);
    }
    return this.nextSpilled();
  }

  /** Groups of the rows that went to disk, one file after the other. */
  private async nextSpilled(): Promise<RowSet | null> {
    for (;;) {
      if (this.rest === null) {
        const file = this.spilled.take();
        if (file === null) return null;
        this.groups.length = 0;
        this.groupBytes = 0;
        this.position = 0;
        this.table = new KeyTable();
        this.rest = new HashGroups(
          new SpilledRows(file),
          this.settings,
          this.expressions,
          this.context,
          this.depth + 1,
        );
      }
      const set = await this.rest.next();
      if (set !== null) return set;
      this.rest.close();
      this.rest = null;
    }
  }

  private async readAll(): Promise<void> {
    this.isRead = true;
    for (let set = await this.input.next(); set !== null; set = await this.input.next()) {
      this.addSet(set);
      if (this.slices.isOver()) await this.slices.rest();
    }
    await finishGroups(this.settings, this.groups, this.slices);
  }

  private addSet(set: RowSet): void {
    if (this.indexes.length < set.count) this.indexes = new Int32Array(set.count);
    const { indexes } = this;
    const mayGrow = this.hasRoom();
    for (let i = 0; i < set.count; i++) indexes[i] = this.groupOf(set, i, mayGrow);
    const { runners } = this.settings;
    for (let k = 0; k < runners.length; k++) runners[k].addGrouped(set, indexes, this.groups, k);
  }

  private hasRoom(): boolean {
    return this.table.hasRoom(this.settings.memoryLimitBytes, this.groupBytes) || this.depth > DEEPEST_SPLIT;
  }

  /** The number of the row's group; -1 when the row went to disk. */
  private groupOf(set: RowSet, i: number, mayGrow: boolean): number {
    this.putKey(set, i);
    if (!mayGrow) {
      const known = this.table.find();
      if (known < 0) this.spill(set, i);
      return known;
    }
    const index = this.table.findOrAdd();
    if (index === this.groups.length) this.add(set.row(i));
    return index;
  }

  private add(row: RowReader): void {
    const group = newGroup(this.settings, row);
    this.groups.push(group);
    this.groupBytes += GROUP_BYTES + this.settings.firstSlots.length * VALUE_BYTES;
    for (const state of group.states) this.groupBytes += state.byteSize ?? STATE_BYTES;
    if (this.firstKeys === null) return;
    this.firstKeys.push(this.keys.map(({ evaluate }) => copyCell(evaluate(row))));
    this.groupBytes += this.keys.length * VALUE_BYTES;
  }

  private putKey(set: RowSet, i: number): void {
    const { table, keys } = this;
    table.begin();
    for (let k = 0; k < keys.length; k++) {
      const { slot, evaluate, form } = keys[k];
      if (slot >= 0 && set.batch !== null) {
        const vector = set.batch.columns.columns[slot];
        const row = set.batch.rows === null ? i : set.batch.rows[i];
        const end = vector.end[row];
        if (end < 0) table.append(null, 0, 0);
        else table.appendForm(form, vector.source[row], vector.start[row], end);
      } else {
        const bytes = evaluate(set.row(i));
        table.appendForm(form, bytes, 0, bytes?.length ?? 0);
      }
    }
  }

  private spill(set: RowSet, i: number): void {
    this.spilled.write(this.table.hash(this.depth + 1), copyValues(set.row(i), this.settings.inputCount));
  }

  close(): void {
    this.rest?.close();
    this.spilled.close();
    // Those of the parts are this one's.
    if (this.depth === 0) for (const runner of this.settings.runners) runner.close();
    this.input.close();
  }
}

class SpilledRows implements RowSource {
  private readonly file: SpillFile;
  private readonly rows: Iterator<readonly (Uint8Array | null)[]>;

  constructor(file: SpillFile) {
    this.file = file;
    this.rows = file.read();
  }

  async next(): Promise<RowSet | null> {
    const some: (readonly (Uint8Array | null)[])[] = [];
    while (some.length < GROUPS_A_SET) {
      const { value, done } = this.rows.next();
      if (done) break;
      some.push(value);
    }
    return some.length === 0 ? null : new ArrayRowSet(some);
  }

  close(): void {
    this.file.close();
  }
}
