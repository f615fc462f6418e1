import type { TypedExpression } from '../../planner/index.ts';
import { compileExpression, type Evaluator } from '../evaluate/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { ArrayRowSet } from './array-rows.ts';
import { rowKey } from './distinct-rows.ts';
import { type Group, type GroupSettings, groupValues, newGroup } from './group-rows.ts';
import type { RowSet, RowSource } from './row-set.ts';

const GROUPS_A_SET = 1024;

/** explore's GROUP BY: rows with equal keys, wherever they stand. Groups come in the order of their first rows. */
export class HashGroups implements RowSource {
  private readonly input: RowSource;
  private readonly settings: GroupSettings;
  private readonly keys: readonly Evaluator[];
  private groups: [string, Group, (Uint8Array | null)[]][] | null = null;
  private position = 0;

  constructor(
    input: RowSource,
    settings: GroupSettings,
    keys: readonly TypedExpression[],
    context: StatementContext,
  ) {
    this.input = input;
    this.settings = settings;
    this.keys = keys.map((key) => compileExpression(key, context));
  }

  async next(): Promise<RowSet | null> {
    this.groups ??= await this.readAll();
    if (this.position >= this.groups.length) return null;
    const some = this.groups.slice(this.position, this.position + GROUPS_A_SET);
    this.position += some.length;
    return new ArrayRowSet(some.map(([, group, key]) => [...groupValues(group), ...key]));
  }

  private async readAll(): Promise<[string, Group, (Uint8Array | null)[]][]> {
    const byKey = new Map<string, [string, Group, (Uint8Array | null)[]]>();
    for (let set = await this.input.next(); set !== null; set = await this.input.next()) {
      for (let i = 0; i < set.count; i++) this.addRow(set, i, byKey);
    }
    return [...byKey.values()];
  }

  private addRow(set: RowSet, i: number, byKey: Map<string, [string, Group, (Uint8Array | null)[]]>): void {
    const row = set.row(i);
    const values = this.keys.map((key) => key(row));
    const key = rowKey(values, values.length);
    let entry = byKey.get(key);
    if (entry === undefined) {
      const kept = values.map((bytes) => (bytes === null ? null : Uint8Array.prototype.slice.call(bytes)));
      entry = [key, newGroup(this.settings, set.row(i)), kept];
      byKey.set(key, entry);
    }
    const { runners } = this.settings;
    for (let k = 0; k < runners.length; k++) runners[k].addRows(entry[1].states[k], set, i, i + 1);
  }

  close(): void {
    this.input.close();
  }
}
