import { EMPTY_BYTES } from '../../bytes/index.ts';
import { unreachable } from '../../errors/index.ts';
import { type Condition, likeParts, type TypedExpression } from '../../planner/index.ts';
import { accepts } from '../../storage/scan/comparison.ts';
import { codecOf, type TypeCodec } from '../../types/index.ts';
import type { StatementContext } from '../statement-context.ts';
import { collectionParts, compareParts } from './collection-access.ts';
import { compileExpression, termValue } from './compile-expression.ts';
import { likePattern } from './like-pattern.ts';
import type { RowReader } from './row-reader.ts';

/** True, false, or null when an operand is null (SQL's unknown). */
export type ConditionTest = (row: RowReader) => boolean | null;

export function compileCondition(condition: Condition, context: StatementContext): ConditionTest {
  switch (condition.kind) {
    case 'and':
      return allOf(condition.operands.map((operand) => compileCondition(operand, context)));
    case 'or':
      return anyOf(condition.operands.map((operand) => compileCondition(operand, context)));
    case 'not': {
      const operand = compileCondition(condition.operand, context);
      return (row) => {
        const result = operand(row);
        return result === null ? null : !result;
      };
    }
    case 'compare':
      return compileComparison(condition, context);
    case 'in':
      return compileIn(condition, context);
    case 'inList':
      return compileInList(condition, context);
    case 'contains':
      return compileContains(condition, context);
    case 'entry':
      return compileEntry(condition, context);
    case 'like':
      return compileLike(condition, context);
    case 'isNull': {
      const operand = compileExpression(condition.operand, context);
      return (row) => operand(row) === null;
    }
    case 'truth': {
      const operand = compileExpression(condition.operand, context);
      return (row) => {
        const bytes = operand(row);
        return bytes === null || bytes.length === 0 ? null : bytes[0] !== 0;
      };
    }
    default:
      return unreachable(condition);
  }
}

/** AND in three-valued logic: false if one test is false, else null if one is unknown. */
export function allOf(tests: readonly ConditionTest[]): ConditionTest {
  return (row) => {
    let result: boolean | null = true;
    for (const test of tests) {
      const one = test(row);
      if (one === false) return false;
      if (one === null) result = null;
    }
    return result;
  };
}

function anyOf(tests: readonly ConditionTest[]): ConditionTest {
  return (row) => {
    let result: boolean | null = false;
    for (const test of tests) {
      const one = test(row);
      if (one === true) return true;
      if (one === null) result = null;
    }
    return result;
  };
}

function compileComparison(
  condition: Extract<Condition, { kind: 'compare' }>,
  context: StatementContext,
): ConditionTest {
  const left = compileExpression(condition.left, context);
  const right = compileExpression(condition.right, context);
  const codec = codecOf(condition.left.type);
  const accept = accepts(condition.operator);
  return (row) => {
    const a = left(row);
    const b = right(row);
    if (a === null || b === null) return null;
    return accept(codec.compare(a, 0, a.length, b, 0, b.length));
  };
}

function compileIn(condition: Extract<Condition, { kind: 'in' }>, context: StatementContext): ConditionTest {
  const { values, endsAtNull } = condition;
  const left = compileExpression(condition.left, context);
  const codec = codecOf(condition.left.type);
  const equals = (value: Uint8Array, choice: Uint8Array): boolean =>
    codec.compare(value, 0, value.length, choice, 0, choice.length) === 0;
  if (endsAtNull === true) {
    const choices = choicesOf(values, true, context);
    return (row) => {
      const value = left(row);
      return value === null ? null : choices.some((choice) => equals(value, choice));
    };
  }
  const choices = values.map((choice) => compileExpression(choice, context));
  return (row) => {
    const value = left(row);
    if (value === null) return null;
    let unknown = false;
    for (const choice of choices) {
      const bytes = choice(row);
      if (bytes === null) unknown = true;
      else if (equals(value, bytes)) return true;
    }
    return unknown ? null : false;
  };
}

function compileInList(condition: Extract<Condition, { kind: 'inList' }>, context: StatementContext): ConditionTest {
  const left = compileExpression(condition.left, context);
  const list = compileExpression(condition.list, context);
  const codec = codecOf(condition.left.type);
  return (row) => {
    const value = left(row);
    const choices = list(row);
    if (value === null || choices === null) return null;
    let unknown = false;
    for (const choice of collectionParts(choices, false)) {
      if (choice !== null && compareParts(codec, value, choice) === 0) return true;
      if (choice !== null) continue;
      if (condition.endsAtNull === true) return false;
      unknown = true;
    }
    return unknown ? null : false;
  };
}

/**
 * The choices of an IN that reads no rows, without its nulls, or those before the first null. Cassandra takes one that was
 * not set for an empty value.
 */
export function choicesOf(
  values: readonly TypedExpression[],
  endsAtNull: boolean,
  context: StatementContext,
): Uint8Array[] {
  const choices: Uint8Array[] = [];
  for (const term of values) {
    const value = termValue(term, context);
    if (value !== null) choices.push(value ?? EMPTY_BYTES);
    else if (endsAtNull) break;
  }
  return choices;
}

function compileContains(
  condition: Extract<Condition, { kind: 'contains' }>,
  context: StatementContext,
): ConditionTest {
  const left = compileExpression(condition.left, context);
  const right = compileExpression(condition.right, context);
  const isMap = condition.left.type.kind === 'map';
  const codec: TypeCodec = codecOf(condition.right.type);
  const first = isMap && !condition.key ? 1 : 0;
  return (row) => {
    const bytes = left(row);
    const wanted = right(row);
    if (bytes === null || wanted === null) return null;
    const parts = collectionParts(bytes, isMap);
    for (let i = first; i < parts.length; i += isMap ? 2 : 1) {
      if (compareParts(codec, parts[i], wanted) === 0) return true;
    }
    return false;
  };
}

function compileEntry(condition: Extract<Condition, { kind: 'entry' }>, context: StatementContext): ConditionTest {
  const map = compileExpression(condition.map, context);
  const key = compileExpression(condition.key, context);
  const value = compileExpression(condition.value, context);
  const keys = codecOf(condition.key.type);
  const values = codecOf(condition.value.type);
  return (row) => {
    const bytes = map(row);
    const wantedKey = key(row);
    const wantedValue = value(row);
    if (bytes === null || wantedKey === null || wantedValue === null) return null;
    const parts = collectionParts(bytes, true);
    for (let i = 0; i < parts.length; i += 2) {
      if (compareParts(keys, parts[i], wantedKey) === 0) return compareParts(values, parts[i + 1], wantedValue) === 0;
    }
    return false;
  };
}

/** LIKE: `%` at either end or anywhere stands for any text. */
function compileLike(condition: Extract<Condition, { kind: 'like' }>, context: StatementContext): ConditionTest {
  const left = compileExpression(condition.left, context);
  if (condition.onlyEnds === true) return compileLiteralLike(condition, context);
  const right = compileExpression(condition.right, context);
  let patternBytes: Uint8Array | null = null;
  let pattern: RegExp | null = null;
  return (row) => {
    const text = left(row);
    const wanted = right(row);
    if (text === null || wanted === null) return null;
    if (pattern === null || patternBytes !== wanted) {
      patternBytes = wanted;
      pattern = likePattern(Buffer.from(wanted).toString());
    }
    return pattern.test(Buffer.from(text.buffer, text.byteOffset, text.length).toString());
  };
}

function compileLiteralLike(condition: Extract<Condition, { kind: 'like' }>, context: StatementContext): ConditionTest {
  const left = compileExpression(condition.left, context);
  const parts = likeParts(termValue(condition.right, context) ?? EMPTY_BYTES);
  if (parts === null) return () => false;
  const term = Buffer.from(parts.term);
  return (row) => {
    const bytes = left(row);
    if (bytes === null) return null;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    switch (parts.operator) {
      case 'prefix':
        return text.subarray(0, term.length).equals(term);
      case 'suffix':
        return text.length >= term.length && text.subarray(text.length - term.length).equals(term);
      case 'contains':
        return text.includes(term);
      case 'matches':
        return text.equals(term);
    }
  };
}
