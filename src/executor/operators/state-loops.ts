import type { AggregateState } from '../../planner/index.ts';
import type { ColumnVector } from '../../storage/scan/index.ts';
import type { Group } from './group-rows.ts';

/** Loops over a column's values, for states that have `addRange`. `rows` names the rows of the vector; null is all. */
export interface StateLoops {
  /** Rows [from, to) to one state. */
  addAll(state: AggregateState, vector: ColumnVector, rows: Int32Array | null, from: number, to: number): void;
  /** Each of `count` rows to state `k` of the group whose number it has; rows with -1 to none. */
  addGrouped(
    groups: readonly Group[],
    k: number,
    vector: ColumnVector,
    rows: Int32Array | null,
    count: number,
    indexes: Int32Array,
  ): void;
}

const loopsByClass = new Map<unknown, StateLoops>();

/**
 * The loops of a state's class. Each class has its own, made of the same text: in a loop that all share, the call would
 * have as many targets as classes were met, and the compiler would inline none.
 */
export function loopsOf(state: AggregateState): StateLoops {
  const known = loopsByClass.get(state.constructor);
  if (known !== undefined) return known;
  // Equal texts would be one function to the engine.
  const note = `// ${loopsByClass.size}`;
  const make = (...parts: string[]): unknown => new Function(...parts.slice(0, -1), `${parts.at(-1)} ${note}`);
  const loops: StateLoops = {
    // The parameters are those of `StateLoops.addAll` and `addGrouped`.
    addAll: make('state', 'vector', 'rows', 'from', 'to', ADD_ALL) as StateLoops['addAll'],
    addGrouped: make('groups', 'k', 'vector', 'rows', 'count', 'indexes', ADD_GROUPED) as StateLoops['addGrouped'],
  };
  loopsByClass.set(state.constructor, loops);
  return loops;
}

const ADD_ALL = `
const { source, start, end } = vector;
for (let i = from; i < to; i++) {
  const row = rows === null ? i : rows[i];
  state.addRange(source[row], start[row], end[row]);
}`;

const ADD_GROUPED = `
const { source, start, end } = vector;
for (let i = 0; i < count; i++) {
  const group = indexes[i];
  if (group < 0) continue;
  const row = rows === null ? i : rows[i];
  groups[group].states[k].addRange(source[row], start[row], end[row]);
}`;
