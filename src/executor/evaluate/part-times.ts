import type { TypedExpression } from '../../planner/index.ts';
import { type CqlType, codecOf } from '../../types/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { collectionParts, compareParts, componentAt, keyCodec } from './collection-access.ts';
import { compileExpression, type Evaluator } from './compile-expression.ts';
import { packCounted } from './pack-collection.ts';
import { type KeyRange, keyRange } from './selected-parts.ts';

type PartTimes = Extract<TypedExpression, { kind: 'partTimes' }>;

/** `writetime(m[k])`, `maxwritetime(s)`, `ttl(udt.field)`: times of the cells that make up a part of a column. */
export function compilePartTimes(expression: PartTimes, context: StatementContext): Evaluator {
  const times = compileExpression(expression.times, context);
  const { part } = expression;
  if (part === null) {
    return (row) => {
      const list = times(row);
      return list === null ? null : largest(collectionParts(list, false));
    };
  }
  const operand = compileExpression(part.operand, context);
  const chosen = partIndexes(part, context);
  if (expression.times.type.kind !== 'list') {
    // A frozen column has one cell, and so one time for all parts that it has.
    return (row) => {
      const bytes = operand(row);
      return bytes !== null && hasPart(part, bytes, chosen) ? times(row) : null;
    };
  }
  const isList = expression.type.kind === 'list';
  return (row) => {
    const list = times(row);
    const bytes = operand(row);
    if (list === null || bytes === null) return null;
    const all = collectionParts(list, false);
    const picked = chosen(bytes).map((index) => all[index] ?? null);
    if (!isList) return part.kind === 'slice' ? largest(picked) : (picked[0] ?? null);
    return picked.length === 0 ? null : packCounted(picked.map((time) => time ?? NOTHING));
  };
}

function hasPart(
  part: NonNullable<PartTimes['part']>,
  bytes: Uint8Array,
  chosen: (column: Uint8Array) => number[],
): boolean {
  return part.kind === 'field' ? componentAt(bytes, part.index) !== null : chosen(bytes).length > 0;
}

/** Which cells of the column belong to the part. */
function partIndexes(
  part: NonNullable<PartTimes['part']>,
  context: StatementContext,
): (column: Uint8Array) => number[] {
  if (part.kind === 'field') return () => [part.index];
  const { type } = part.operand;
  const range = keyRange(part, context);
  return (column) => indexesBetween(type, column, range);
}

function indexesBetween(type: CqlType, column: Uint8Array, { from, to }: KeyRange): number[] {
  const codec = keyCodec(type);
  const step = type.kind === 'map' ? 2 : 1;
  const parts = collectionParts(column, type.kind === 'map');
  const found: number[] = [];
  for (let i = 0; i < parts.length; i += step) {
    if (from !== null && compareParts(codec, parts[i], from) < 0) continue;
    if (to !== null && compareParts(codec, parts[i], to) > 0) continue;
    found.push(i / step);
  }
  return found;
}

function largest(times: readonly (Uint8Array | null)[]): Uint8Array | null {
  let most: Uint8Array | null = null;
  for (const time of times) {
    if (time !== null && (most === null || compareParts(BIGINT, time, most) > 0)) most = time;
  }
  return most;
}

const BIGINT = codecOf({ kind: 'native', name: 'bigint' });
const NOTHING = new Uint8Array(0);
