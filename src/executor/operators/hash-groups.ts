import type { TypedExpression } from '../../planner/index.ts';
import { compileExpression, type Evaluator } from '../evaluate/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { ArrayRowSet } from './array-rows.ts';
import { type Group, type GroupSettings, groupValues, newGroup } from './group-rows.ts';
import { KeyTable } from './key-table.ts';
import { copyValues, type RowSet, type RowSource } from './row-set.ts';
import { SpillFile } from './spill-file.ts';
import { WorkSlices } from './work-slices.ts';

const GROUPS_A_SET = 1024;
/** Memory of a group beyond its key: objects of its aggregates' states. */
const GROUP_BYTES = 160;
const STATE_BYTES = 120;
const SPILL_FILES = 16;

/** One expression of GROUP BY: the slot of an input column, or a computed value. */
type Key = { readonly slot: number } | { readonly evaluate: Evaluator };

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
  private readonly table = new KeyTable();
  private readonly groups: Group[] = [];
  private indexes = new Int32Array(1024);
  private spilled: SpillFile[] = [];
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
    this.keys = keys.map((key) =>
      key.kind === 'input' ? { slot: key.slot } : { evaluate: compileExpression(key, context) },
    );
  }

  async next(): Promise<RowSet | null> {
    if (!this.isRead) await this.readAll();
    if (this.slices.isOver()) await this.slices.rest();
    if (this.position < this.groups.length) {
      const rows: (Uint8Array | null)[][] = [];
      const end = Math.min(this.groups.length, this.position + GROUPS_A_SET);
      for (; this.position < end; this.position++) {
        rows.push([...groupValues(this.groups[this.position]), ...this.table.parts(this.position)]);
      }
      return new ArrayRowSet(rows);
    }
    return this.nextSpilled();
  }

  /** Groups of the rows that went to disk, one file after the other. */
  private async nextSpilled(): Promise<RowSet | null> {
    for (;;) {
      if (this.rest === null) {
        const file = this.spilled.shift();
        if (file === undefined) return null;
        this.groups.length = 0;
        this.position = 0;
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
    const { runners } = this.settings;
    const aGroup = GROUP_BYTES + runners.length * STATE_BYTES + this.settings.firstSlots.length * 150;
    return this.table.byteSize + this.groups.length * aGroup < this.context.memoryLimitBytes || this.depth > 4;
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
    if (index === this.groups.length) this.groups.push(newGroup(this.settings, set.row(i)));
    return index;
  }

  private putKey(set: RowSet, i: number): void {
    const { table, keys } = this;
    table.begin();
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k];
      if ('slot' in key && set.batch !== null) {
        const vector = set.batch.columns.columns[key.slot];
        const row = set.batch.rows === null ? i : set.batch.rows[i];
        const end = vector.end[row];
        if (end < 0) table.append(null, 0, 0);
        else table.append(vector.source[row], vector.start[row], end);
      } else {
        const row = set.row(i);
        const bytes = 'slot' in key ? row.value(key.slot) : key.evaluate(row);
        table.append(bytes, 0, bytes?.length ?? 0);
      }
    }
  }

  private spill(set: RowSet, i: number): void {
    if (this.spilled.length === 0) this.spilled = Array.from({ length: SPILL_FILES }, () => new SpillFile());
    const file = (this.table.hash(this.depth + 1) >>> 8) % SPILL_FILES;
    this.spilled[file].write(copyValues(set.row(i), this.settings.inputCount));
  }

  close(): void {
    this.rest?.close();
    for (const file of this.spilled) file.close();
    this.input.close();
  }
}

class SpilledRows implements RowSource {
  private readonly file: SpillFile;
  private readonly rows: Generator<(Uint8Array | null)[]>;

  constructor(file: SpillFile) {
    this.file = file;
    this.rows = file.read();
  }

  async next(): Promise<RowSet | null> {
    const some: (Uint8Array | null)[][] = [];
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
